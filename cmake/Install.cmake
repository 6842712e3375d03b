# What `cmake --install` puts where. Components: runtime (what a program needs to run), dev (to build
# one), programs (chunkserver, metaserver), master and tools (see ManagedPrograms.cmake), doc, licence,
# and what is installed only when it is named: runtime-debug, master-debug, tools-debug and service.

set(docs_dir "${CMAKE_INSTALL_DATAROOTDIR}/doc")

# The library, with the links by which the loader (.so.1) and the linker (.so) find it.
install(
  FILES "${INTEROP_SESSIONS_LIBRARY}" "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  COMPONENT runtime)
install(
  FILES "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  COMPONENT dev)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/native/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT dev
  FILES_MATCHING
  PATTERN "*.h"
  PATTERN "*.hpp")

# What a debugger needs beside them, found by the build id. A prebuilt library comes without.
if(NOT INTEROP_SESSIONS_PREBUILT_LIBRARY)
  install(
    DIRECTORY "${INTEROP_SESSIONS_LIBRARY_DIR}/debug/"
    DESTINATION lib/debug
    COMPONENT runtime-debug EXCLUDE_FROM_ALL)
endif()

# find_package(InteropSessions).
include(CMakePackageConfigHelpers)
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/InteropSessions")
get_filename_component(library_file "${INTEROP_SESSIONS_LIBRARY}" NAME)
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/InteropSessionsConfig.cmake.in" InteropSessionsConfig.cmake
  INSTALL_DESTINATION "${config_dir}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(InteropSessionsConfigVersion.cmake COMPATIBILITY SameMajorVersion)

# pkg-config.
include(PkgConfig)

install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/InteropSessionsConfig.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/InteropSessionsConfigVersion.cmake"
  DESTINATION "${config_dir}"
  COMPONENT dev)

# The licences: ours, and those of what is linked into the library and the managed programs.
install(
  FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/THIRD-PARTY-NOTICES"
  DESTINATION "${docs_dir}/interop-sessions"
  COMPONENT licence)

# What there is to read (the manual pages go with their programs), programs to copy from, and the wire for who speaks it without this library.
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/docs"
  DESTINATION "${docs_dir}/interop-sessions"
  COMPONENT doc
  PATTERN "man" EXCLUDE)
install(
  FILES "${PROJECT_SOURCE_DIR}/README.md"
  DESTINATION "${docs_dir}/interop-sessions"
  COMPONENT doc)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/native/examples"
  DESTINATION "${docs_dir}/interop-sessions"
  COMPONENT doc
  FILES_MATCHING
  PATTERN "*.?pp")
install(
  FILES "${PROJECT_SOURCE_DIR}/src/Protocol/sessions.proto"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/interop-sessions"
  COMPONENT dev)

# An installed program finds the library beside its own prefix.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(CMAKE_INSTALL_RPATH "${CMAKE_INSTALL_LIBDIR}")
else()
  set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
endif()
