# session-master, the master for those who embed nothing, and sessionctl, for operators. Like the
# library they are published once for all presets.

set(daemon_dir "${INTEROP_SESSIONS_SHARED_DIR}/daemon${INTEROP_SESSIONS_RUNTIME_SUFFIX}")
set(control_dir "${INTEROP_SESSIONS_SHARED_DIR}/control${INTEROP_SESSIONS_RUNTIME_SUFFIX}")
set(INTEROP_SESSIONS_MASTER "${daemon_dir}/session-master")
set(INTEROP_SESSIONS_CONTROL "${control_dir}/sessionctl")

add_managed_publish(
  ${INTEROP_SESSIONS_TARGET_PREFIX}session_master
  PROJECT
  src/Daemon/Daemon.csproj
  SOURCES
  Core
  Publish
  Protocol
  Client
  Master
  CommandLine
  Daemon
  OUTPUTS
  "${INTEROP_SESSIONS_MASTER}")

add_managed_publish(
  ${INTEROP_SESSIONS_TARGET_PREFIX}sessionctl
  PROJECT
  src/Control/Control.csproj
  SOURCES
  Core
  Publish
  Protocol
  Client
  CommandLine
  Control
  OUTPUTS
  "${INTEROP_SESSIONS_CONTROL}")

if(NOT INTEROP_SESSIONS_INSTALL)
  return()
endif()

install(
  PROGRAMS "${INTEROP_SESSIONS_MASTER}"
  DESTINATION "${CMAKE_INSTALL_BINDIR}"
  COMPONENT master)
install(
  PROGRAMS "${INTEROP_SESSIONS_CONTROL}"
  DESTINATION "${CMAKE_INSTALL_BINDIR}"
  COMPONENT tools)
install(
  DIRECTORY "${daemon_dir}/debug/"
  DESTINATION lib/debug
  COMPONENT master-debug EXCLUDE_FROM_ALL)
install(
  DIRECTORY "${control_dir}/debug/"
  DESTINATION lib/debug
  COMPONENT tools-debug EXCLUDE_FROM_ALL)
install(
  FILES "${PROJECT_SOURCE_DIR}/docs/man/session-master.8"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man8"
  COMPONENT master)
install(
  FILES "${PROJECT_SOURCE_DIR}/docs/man/sessionctl.1"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
  COMPONENT tools)

# Bash reads these files when somebody presses Tab behind the name of the program for the first time.
set(programs session-master sessionctl)
set(components master tools)
foreach(program component IN ZIP_LISTS programs components)
  file(
    CONFIGURE
    OUTPUT "${PROJECT_BINARY_DIR}/completions/${program}"
    CONTENT [[eval "$(@program@ completion bash)"
]]
    @ONLY)
  install(
    FILES "${PROJECT_BINARY_DIR}/completions/${program}"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
    COMPONENT ${component})
endforeach()

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
