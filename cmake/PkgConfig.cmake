# interop_sessions.pc, written when it is installed: what stands in it depends on the prefix.
#
# - A prefix of the system stays where it is. Its paths are written out, and pkg-config leaves away what
#   every compiler looks into by itself.
# - Any other tree may be moved: its paths are found from where the file lies.
# - A folder that was given as an absolute path (Nix, Guix) is that, whatever the prefix.

set(pkgconfig_folders "")
foreach(folder IN ITEMS LIBDIR INCLUDEDIR)
  string(APPEND pkgconfig_folders "set(${folder} [[${CMAKE_INSTALL_${folder}}]])\n")
endforeach()
install(
  CODE "
${pkgconfig_folders}set(DESCRIPTION [[${PROJECT_DESCRIPTION}]])
set(VERSION [[${PROJECT_VERSION}]])
set(TEMPLATE [[${PROJECT_SOURCE_DIR}/cmake/interop_sessions.pc.in]])
set(OUTPUT [[${CMAKE_CURRENT_BINARY_DIR}/interop_sessions.pc]])
include([[${PROJECT_SOURCE_DIR}/cmake/InstallPkgConfig.cmake]])
"
  COMPONENT dev)
