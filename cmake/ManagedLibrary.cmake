# The .NET library as two targets: InteropSessions::interop_sessions, a shared library to link, and
# InteropSessions::headers for programs that load it with dlopen.

set(INTEROP_SESSIONS_LIBRARY_DIR "${INTEROP_SESSIONS_SHARED_DIR}/library${INTEROP_SESSIONS_RUNTIME_SUFFIX}")

if(INTEROP_SESSIONS_PREBUILT_LIBRARY)
  if(NOT EXISTS "${INTEROP_SESSIONS_PREBUILT_LIBRARY}")
    message(FATAL_ERROR "INTEROP_SESSIONS_PREBUILT_LIBRARY is not there: ${INTEROP_SESSIONS_PREBUILT_LIBRARY}")
  endif()
  # The loader looks for the SONAME, which may not stand beside the given file.
  set(INTEROP_SESSIONS_LIBRARY_DIR "${PROJECT_BINARY_DIR}/prebuilt")
  file(REAL_PATH "${INTEROP_SESSIONS_PREBUILT_LIBRARY}" prebuilt)
  file(MAKE_DIRECTORY "${INTEROP_SESSIONS_LIBRARY_DIR}")
  configure_file("${prebuilt}" "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1.0" COPYONLY)
  file(CREATE_LINK libinterop_sessions.so.1.0 "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1" SYMBOLIC)
  file(CREATE_LINK libinterop_sessions.so.1 "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so" SYMBOLIC)
endif()
set(INTEROP_SESSIONS_LIBRARY "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1.0")

if(NOT INTEROP_SESSIONS_PREBUILT_LIBRARY)
  add_managed_publish(
    interop_sessions_library
    PROJECT
    src/Interop/Interop.csproj
    SOURCES
    Core
    Publish
    Protocol
    Client
    Master
    Follower
    Interop
    OUTPUTS
    "${INTEROP_SESSIONS_LIBRARY}"
    "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1"
    "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so")
endif()

add_library(InteropSessions::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(InteropSessions::headers INTERFACE "${PROJECT_SOURCE_DIR}/native/include")
target_compile_features(InteropSessions::headers INTERFACE c_std_11 ${INTEROP_SESSIONS_HEADERS_FEATURE})
target_link_libraries(InteropSessions::headers INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

add_library(InteropSessions::interop_sessions SHARED IMPORTED GLOBAL)
set_target_properties(
  InteropSessions::interop_sessions PROPERTIES IMPORTED_LOCATION "${INTEROP_SESSIONS_LIBRARY}"
                                               IMPORTED_SONAME libinterop_sessions.so.1)
target_link_libraries(InteropSessions::interop_sessions INTERFACE InteropSessions::headers)
if(TARGET interop_sessions_library)
  add_dependencies(InteropSessions::interop_sessions interop_sessions_library)
endif()
