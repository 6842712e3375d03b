# The .NET library as two targets: InteropSessions::interop_sessions, a shared library to link, and
# InteropSessions::headers for programs that load it with dlopen.
#
# The library is the same for every preset, so all of them share one output folder; what is in it is
# published again only when the contents of its inputs changed (PublishManagedLibrary.cmake).

find_program(DOTNET_EXECUTABLE dotnet REQUIRED)

set(INTEROP_SESSIONS_LIBRARY_DIR "${PROJECT_SOURCE_DIR}/build/library")
set(INTEROP_SESSIONS_LIBRARY "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1.0")

set(managed_patterns "")
foreach(project IN ITEMS Core Protocol Master Follower Interop)
  foreach(extension IN ITEMS cs csproj json map proto props targets xml)
    list(APPEND managed_patterns "src/${project}/*.${extension}")
  endforeach()
endforeach()
file(
  GLOB_RECURSE managed_inputs
  CONFIGURE_DEPENDS
  RELATIVE "${PROJECT_SOURCE_DIR}"
  ${managed_patterns})
file(
  GLOB shared_inputs
  CONFIGURE_DEPENDS
  RELATIVE "${PROJECT_SOURCE_DIR}"
  Directory.*.props Directory.*.targets global.json [Nn]u[Gg]et.[Cc]onfig)
list(APPEND managed_inputs ${shared_inputs})
# A build outside this one may leave its output among the sources.
list(FILTER managed_inputs EXCLUDE REGEX "/(bin|obj)/")
list(SORT managed_inputs)

# A list of its own, so that a removed file is a change as well.
set(managed_inputs_list "${CMAKE_CURRENT_BINARY_DIR}/managed_inputs.txt")
list(JOIN managed_inputs "\n" managed_inputs_lines)
file(CONFIGURE OUTPUT "${managed_inputs_list}" CONTENT "${managed_inputs_lines}" @ONLY)

set(publish_script "${CMAKE_CURRENT_LIST_DIR}/PublishManagedLibrary.cmake")
list(TRANSFORM managed_inputs PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE managed_input_paths)

add_custom_command(
  OUTPUT "${INTEROP_SESSIONS_LIBRARY}"
  COMMAND
    "${CMAKE_COMMAND}" -D "DOTNET=${DOTNET_EXECUTABLE}" -D
    "SOURCE_DIR=${PROJECT_SOURCE_DIR}" -D "INPUTS_LIST=${managed_inputs_list}" -D
    "LIBRARY=${INTEROP_SESSIONS_LIBRARY}" -P "${publish_script}"
  DEPENDS ${managed_input_paths} "${managed_inputs_list}" "${publish_script}"
  COMMENT "Managed library"
  USES_TERMINAL VERBATIM)
add_custom_target(interop_sessions_library ALL DEPENDS "${INTEROP_SESSIONS_LIBRARY}")

add_library(InteropSessions::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(InteropSessions::headers INTERFACE "${PROJECT_SOURCE_DIR}/native/include")
target_compile_features(InteropSessions::headers INTERFACE c_std_11)

add_library(InteropSessions::interop_sessions SHARED IMPORTED GLOBAL)
set_target_properties(
  InteropSessions::interop_sessions PROPERTIES IMPORTED_LOCATION "${INTEROP_SESSIONS_LIBRARY}"
                                               IMPORTED_SONAME libinterop_sessions.so.1)
target_link_libraries(InteropSessions::interop_sessions INTERFACE InteropSessions::headers)
add_dependencies(InteropSessions::interop_sessions interop_sessions_library)
