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
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_SOURCE_DIR}/build/packages")
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/PackagesByGenerator.cmake")

set(CPACK_COMPONENTS_ALL runtime dev master service tools)
# The service is nothing without the program: both make one package.
set(CPACK_COMPONENT_SERVICE_GROUP master)
set(CPACK_COMPONENT_MASTER_GROUP master)
set(CPACK_COMPONENT_RUNTIME_GROUP runtime)
set(CPACK_COMPONENT_DEV_GROUP dev)
set(CPACK_COMPONENT_TOOLS_GROUP tools)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(debian_dir "${PROJECT_SOURCE_DIR}/cmake/debian")

# The runtime opens OpenSSL by dlopen, even for random numbers, so shlibdeps does not see it.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libinterop-sessions1)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS libssl3)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${PROJECT_BINARY_DIR}/debian/shlibs")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "This package has the library: master and followers behind a C ABI.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libinterop-sessions-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libinterop-sessions1 (= ${PROJECT_VERSION}), libc6-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION
    "This package has what a program is built with: headers for C and C++17,
and descriptions for CMake and pkg-config.")

set(CPACK_DEBIAN_MASTER_PACKAGE_NAME interop-sessions-master)
set(CPACK_DEBIAN_MASTER_PACKAGE_SECTION net)
set(CPACK_DEBIAN_MASTER_PACKAGE_DEPENDS libssl3)
set(CPACK_DEBIAN_MASTER_PACKAGE_CONTROL_EXTRA
    "${debian_dir}/master/conffiles" "${debian_dir}/master/postinst" "${debian_dir}/master/prerm"
    "${debian_dir}/master/postrm")
set(CPACK_COMPONENT_MASTER_DESCRIPTION
    "This package has session-master, a service of systemd: it serves sessions
from an SQLite file, or from etcd together with other masters.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME interop-sessions-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION net)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS libssl3)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION
    "This package has sessionctl: it lists sessions and their items, revokes
sessions, and says which master leads.")

# By this other packages find out that they need ours.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/shlibs" CONTENT
     "libinterop_sessions 1 libinterop-sessions1 (>= @PROJECT_VERSION_MAJOR@.@PROJECT_VERSION_MINOR@)\n" @ONLY)

include(CPack)
