# add_managed_publish(<target> PROJECT <csproj> SOURCES <folder of src>... OUTPUTS <file>...)
#
# A target that publishes a managed project by NativeAOT. Its output is the same for every preset, so
# all of them share one folder; what is in it is published again only when the contents of its inputs
# changed (PublishManaged.cmake). The first of OUTPUTS is the one that others depend on.

# Needed by who publishes; a prebuilt library needs none of it.
find_program(DOTNET_EXECUTABLE dotnet)
set(INTEROP_SESSIONS_PUBLISH_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/PublishManaged.cmake")

set(INTEROP_SESSIONS_RUNTIME_SUFFIX "")
set(INTEROP_SESSIONS_PUBLISH_PROPERTIES "")
if(NOT PROJECT_IS_TOP_LEVEL)
  # Nothing is written into the source, not even a lock file.
  set(INTEROP_SESSIONS_PUBLISH_PROPERTIES "ArtifactsPath=${INTEROP_SESSIONS_SHARED_DIR}/managed" "RestoreLockedMode=true")
endif()
# For linux-arm64 with folders of its own, so that neither build disturbs the other.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(INTEROP_SESSIONS_RUNTIME_SUFFIX "-arm64")
  list(REMOVE_ITEM INTEROP_SESSIONS_PUBLISH_PROPERTIES "ArtifactsPath=${INTEROP_SESSIONS_SHARED_DIR}/managed")
  list(APPEND INTEROP_SESSIONS_PUBLISH_PROPERTIES
      "InteropSessionsRuntime=linux-arm64" "ArtifactsPath=${INTEROP_SESSIONS_SHARED_DIR}/managed-arm64"
      "SqliteStaticLibrary=${INTEROP_SESSIONS_SYSROOT}/usr/lib/aarch64-linux-gnu/libsqlite3.a")
  if(CMAKE_CROSSCOMPILING)
    # It links by a compiler that takes --target, which gcc does not.
    find_program(INTEROP_SESSIONS_CROSS_CLANG clang-14 REQUIRED)
    list(APPEND INTEROP_SESSIONS_PUBLISH_PROPERTIES "CppCompilerAndLinker=${INTEROP_SESSIONS_CROSS_CLANG}"
         "ObjCopyName=aarch64-linux-gnu-objcopy")
  endif()
endif()

function(add_managed_publish target)
  cmake_parse_arguments(PARSE_ARGV 1 publish "" "PROJECT" "SOURCES;OUTPUTS")
  if(NOT DOTNET_EXECUTABLE)
    message(FATAL_ERROR "dotnet, of the .NET 10 SDK, is needed to build ${publish_PROJECT}. Without it, set "
                        "INTEROP_SESSIONS_PREBUILT_LIBRARY to a libinterop_sessions.so.1.0 of an installation.")
  endif()
  set(patterns "")
  foreach(folder IN LISTS publish_SOURCES)
    foreach(extension IN ITEMS c cs csproj h json map proto props sh targets xml)
      list(APPEND patterns "src/${folder}/*.${extension}")
    endforeach()
  endforeach()
  file(
    GLOB_RECURSE inputs
    CONFIGURE_DEPENDS
    RELATIVE "${PROJECT_SOURCE_DIR}"
    ${patterns})
  file(
    GLOB shared_inputs
    CONFIGURE_DEPENDS
    RELATIVE "${PROJECT_SOURCE_DIR}"
    Directory.*.props Directory.*.targets src/Directory.*.props global.json [Nn]u[Gg]et.[Cc]onfig
    native/include/interop_sessions/interop_sessions.h)
  list(APPEND inputs ${shared_inputs})
  # A build outside this one may leave its output among the sources.
  list(FILTER inputs EXCLUDE REGEX "/(bin|obj)/")
  list(SORT inputs)

  # A list of its own, so that a removed file is a change as well.
  set(inputs_list "${CMAKE_CURRENT_BINARY_DIR}/${target}_inputs.txt")
  list(JOIN inputs "\n" inputs_lines)
  file(CONFIGURE OUTPUT "${inputs_list}" CONTENT "${inputs_lines}" @ONLY)

  list(TRANSFORM inputs PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE input_paths)
  list(GET publish_OUTPUTS 0 main_output)
  add_custom_command(
    OUTPUT "${main_output}"
    COMMAND
      "${CMAKE_COMMAND}" -D "DOTNET=${DOTNET_EXECUTABLE}" -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}" -D
      "PROJECT=${publish_PROJECT}" -D "INPUTS_LIST=${inputs_list}" -D "OUTPUTS=${publish_OUTPUTS}" -D
      "PROPERTIES=${INTEROP_SESSIONS_PUBLISH_PROPERTIES}" -D
      "LOCK=${INTEROP_SESSIONS_SHARED_DIR}/publish.lock" -D "OBJCOPY=${CMAKE_OBJCOPY}" -D
      "READELF=${CMAKE_READELF}" -P
      "${INTEROP_SESSIONS_PUBLISH_SCRIPT}"
    DEPENDS ${input_paths} "${inputs_list}" "${INTEROP_SESSIONS_PUBLISH_SCRIPT}"
    COMMENT "${publish_PROJECT}"
    USES_TERMINAL VERBATIM)
  # In another project it is built when something there is linked with it.
  set(all "")
  if(PROJECT_IS_TOP_LEVEL OR INTEROP_SESSIONS_INSTALL)
    set(all ALL)
  endif()
  add_custom_target(${target} ${all} DEPENDS "${main_output}")
endfunction()
