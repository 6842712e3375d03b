# Headers and library, with the links by which the linker (.so) and the loader (.so.1) find it.

install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/native/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING
  PATTERN "*.h"
  PATTERN "*.hpp")
install(
  PROGRAMS "${INTEROP_SESSIONS_LIBRARY}" "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1"
           "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}")

# An installed program finds the library beside its own prefix.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
