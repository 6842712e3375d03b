# What of this project is built. A project that adds it with add_subdirectory or FetchContent gets the
# targets InteropSessions::interop_sessions and InteropSessions::headers, and the rest when it asks.

option(INTEROP_SESSIONS_BUILD_PROGRAMS "Build the chunkserver, the metaserver and the examples"
       ${PROJECT_IS_TOP_LEVEL})
option(INTEROP_SESSIONS_BUILD_MANAGED_PROGRAMS "Build session-master and sessionctl"
       ${PROJECT_IS_TOP_LEVEL})
option(INTEROP_SESSIONS_BUILD_TESTS "Build the native tests" ${PROJECT_IS_TOP_LEVEL})
option(INTEROP_SESSIONS_BUILD_BENCH "Build the load generator of bench/run" OFF)
option(INTEROP_SESSIONS_PRECOMPILE_TESTS "Precompile what every native test includes" ON)
option(INTEROP_SESSIONS_INSTALL "Install the library, its headers and what else is built"
       ${PROJECT_IS_TOP_LEVEL})
option(INTEROP_SESSIONS_DEVELOPER_TARGETS "Have the targets that format and generate the source"
       ${PROJECT_IS_TOP_LEVEL})
set(INTEROP_SESSIONS_PREBUILT_LIBRARY
    ""
    CACHE FILEPATH "A libinterop_sessions.so.1.x to use; empty: it is built, by the .NET SDK")

# The oldest glibc that what is published runs with.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/Publish/Publish.targets)
file(STRINGS src/Publish/Publish.targets floor_line REGEX "<GlibcFloor>")
string(REGEX REPLACE ".*<GlibcFloor>([0-9.]+)</GlibcFloor>.*" "\\1" INTEROP_SESSIONS_GLIBC_FLOOR "${floor_line}")

# The standard that the C++ headers need of whoever includes them; the package says the same.
set(INTEROP_SESSIONS_HEADERS_FEATURE cxx_std_17)

if(PROJECT_IS_TOP_LEVEL)
  # All presets share what does not depend on them.
  set(INTEROP_SESSIONS_SHARED_DIR "${PROJECT_SOURCE_DIR}/build")
  set(INTEROP_SESSIONS_TARGET_PREFIX "")
else()
  # The source may be read-only, and the names of targets are the host's.
  set(INTEROP_SESSIONS_SHARED_DIR "${PROJECT_BINARY_DIR}")
  set(INTEROP_SESSIONS_TARGET_PREFIX interop_sessions_)
  # Dozens of targets with short names, which write beside the source.
  if(INTEROP_SESSIONS_BUILD_TESTS OR INTEROP_SESSIONS_DEVELOPER_TARGETS)
    message(FATAL_ERROR "Interop.Sessions has its tests and developer targets at the top level only: "
                        "leave INTEROP_SESSIONS_BUILD_TESTS and INTEROP_SESSIONS_DEVELOPER_TARGETS off.")
  endif()
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
