# What `cmake --install` puts where. Components: runtime (what a program needs to run), dev (to build
# one), programs (chunkserver, metaserver), master and tools (see ManagedPrograms.cmake).

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

# find_package(InteropSessions).
include(CMakePackageConfigHelpers)
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/InteropSessions")
get_filename_component(library_file "${INTEROP_SESSIONS_LIBRARY}" NAME)
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/InteropSessionsConfig.cmake.in" InteropSessionsConfig.cmake
  INSTALL_DESTINATION "${config_dir}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(InteropSessionsConfigVersion.cmake COMPATIBILITY SameMajorVersion)

# pkg-config. Its prefix is found from where the file lies, so that the tree may be moved.
file(RELATIVE_PATH pkgconfig_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${PROJECT_SOURCE_DIR}/cmake/interop_sessions.pc.in" interop_sessions.pc @ONLY)

install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/InteropSessionsConfig.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/InteropSessionsConfigVersion.cmake"
  DESTINATION "${config_dir}"
  COMPONENT dev)
install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/interop_sessions.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
  COMPONENT dev)

# Every component says under which licence it is.
foreach(pair IN ITEMS "runtime;libinterop-sessions1" "dev;libinterop-sessions-dev"
                      "programs;interop-sessions-programs" "master;interop-sessions-master"
                      "tools;interop-sessions-tools")
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(
    FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${docs_dir}/${package}"
    RENAME copyright
    COMPONENT ${component})
endforeach()

# An installed program finds the library beside its own prefix.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
