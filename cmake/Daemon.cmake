# session-master, the master for those who embed nothing. Like the library it is published once for
# all presets.

set(INTEROP_SESSIONS_MASTER "${PROJECT_SOURCE_DIR}/build/daemon/session-master")

add_managed_publish(
  session_master
  PROJECT
  src/Daemon/Daemon.csproj
  SOURCES
  Core
  Protocol
  Master
  Daemon
  OUTPUTS
  "${INTEROP_SESSIONS_MASTER}")

install(
  PROGRAMS "${INTEROP_SESSIONS_MASTER}"
  DESTINATION "${CMAKE_INSTALL_BINDIR}"
  COMPONENT master)

# Where there is systemd. Left out of a plain `cmake --install`, which must not write to /etc.
install(
  FILES "${PROJECT_SOURCE_DIR}/cmake/debian/interop-sessions-master.service"
  DESTINATION lib/systemd/system
  COMPONENT service EXCLUDE_FROM_ALL)
install(
  FILES "${PROJECT_SOURCE_DIR}/cmake/debian/interop-sessions-master.default"
  DESTINATION /etc/default
  RENAME interop-sessions-master
  COMPONENT service EXCLUDE_FROM_ALL)
