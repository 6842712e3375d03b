# What cpack makes: Debian packages and one tarball, from the components that Install.cmake and
# ManagedPrograms.cmake name. cmake/make-packages makes them and those of NuGet.
# chunkserver and metaserver are programs to copy from and belong to no package.

set(CPACK_PACKAGE_NAME interop-sessions)
set(CPACK_PACKAGE_FILE_NAME
    "interop-sessions-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_PACKAGE_VENDOR "Interop.Sessions")
set(CPACK_PACKAGE_CONTACT
    "Interop.Sessions maintainers <maintainers@interop-sessions.invalid>"
    CACHE STRING "The Maintainer field of the packages")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES OFF)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# Made anew, each kind empties its own folder: they may be made at the same time.
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_SOURCE_DIR}/build/packages${INTEROP_SESSIONS_RUNTIME_SUFFIX}")
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/PackagesByGenerator.cmake")

# The service is nothing without the program: both make one package.
set(CPACK_COMPONENT_SERVICE_GROUP master)
set(components service)
foreach(component IN ITEMS runtime dev master tools doc runtime-debug master-debug tools-debug)
  list(APPEND components ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_COMPONENT_${upper}_GROUP ${component})
endforeach()
set(CPACK_COMPONENTS_ALL ${components})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
endif()
# Written out: dpkg-shlibdeps takes for needed what this machine has, and sees nothing of OpenSSL, which
# the runtime opens by dlopen for TLS. A test compares the floor with the binaries.
set(needs "libc6 (>= ${INTEROP_SESSIONS_GLIBC_FLOOR}), libssl3 | libssl1.1")
set(debian_dir "${PROJECT_SOURCE_DIR}/cmake/debian")
# What Debian asks of a package and nobody else needs.
set(CPACK_PRE_BUILD_SCRIPTS "${debian_dir}/AddToPackages.cmake")

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libinterop-sessions1)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "${needs}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${PROJECT_BINARY_DIR}/debian/shlibs"
                                               "${debian_dir}/runtime/triggers")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "This package has the library: master and followers behind a C ABI.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libinterop-sessions-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libinterop-sessions1 (= ${PROJECT_VERSION}), libc6-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS interop-sessions-doc)
set(CPACK_COMPONENT_DEV_DESCRIPTION
    "This package has what a program is built with: headers for C and C++17,
descriptions for CMake and pkg-config, and the wire as a .proto file.")

set(CPACK_DEBIAN_MASTER_PACKAGE_NAME interop-sessions-master)
set(CPACK_DEBIAN_MASTER_PACKAGE_SECTION net)
set(CPACK_DEBIAN_MASTER_PACKAGE_DEPENDS "${needs}")
set(CPACK_DEBIAN_MASTER_PACKAGE_CONTROL_EXTRA
    "${debian_dir}/master/conffiles" "${debian_dir}/master/postinst" "${debian_dir}/master/prerm"
    "${debian_dir}/master/postrm")
set(CPACK_COMPONENT_MASTER_DESCRIPTION
    "This package has session-master, a service of systemd: it serves sessions
from an SQLite file, or from etcd together with other masters.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME interop-sessions-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION net)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${needs}")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION
    "This package has sessionctl: it lists sessions and their items, revokes
sessions, and says which master leads.")

set(CPACK_DEBIAN_DOC_PACKAGE_NAME interop-sessions-doc)
set(CPACK_DEBIAN_DOC_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOC_PACKAGE_ARCHITECTURE all)
set(CPACK_COMPONENT_DOC_DESCRIPTION
    "This package has the documentation, and C++ programs to copy from.")

# The symbols of each package with a program or a library in it, as Debian names such packages.
foreach(pair IN ITEMS "RUNTIME;libinterop-sessions1" "MASTER;interop-sessions-master"
                      "TOOLS;interop-sessions-tools")
  list(GET pair 0 component)
  list(GET pair 1 package)
  set(CPACK_DEBIAN_${component}-DEBUG_PACKAGE_NAME ${package}-dbgsym)
  set(CPACK_DEBIAN_${component}-DEBUG_PACKAGE_SECTION debug)
  set(CPACK_DEBIAN_${component}-DEBUG_PACKAGE_DEPENDS "${package} (= ${PROJECT_VERSION})")
  set(CPACK_COMPONENT_${component}-DEBUG_DESCRIPTION
      "This package has the debug symbols of ${package}.")
endforeach()

# By this other packages find out that they need ours.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/shlibs" CONTENT
     "libinterop_sessions 1 libinterop-sessions1 (>= @PROJECT_VERSION_MAJOR@.@PROJECT_VERSION_MINOR@)\n" @ONLY)

include(CPack)
