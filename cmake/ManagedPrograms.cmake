# session-master, the master for those who embed nothing, and sessionctl, for operators. Like the
# library they are published once for all presets.

set(INTEROP_SESSIONS_MASTER "${PROJECT_SOURCE_DIR}/build/daemon/session-master")
set(INTEROP_SESSIONS_CONTROL "${PROJECT_SOURCE_DIR}/build/control/sessionctl")

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

add_managed_publish(
  sessionctl
  PROJECT
  src/Control/Control.csproj
  SOURCES
  Core
  Protocol
  Follower
  Control
  OUTPUTS
  "${INTEROP_SESSIONS_CONTROL}")

install(
  PROGRAMS "${INTEROP_SESSIONS_CONTROL}"
  DESTINATION "${CMAKE_INSTALL_BINDIR}"
  COMPONENT tools)

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
