# Publishes a managed project by NativeAOT unless the output is already what its inputs make it.
# Compares contents, not times: a build folder that is new, or a source file that was only touched,
# costs no publish.
#
# cmake -D DOTNET= -D SOURCE_DIR= -D PROJECT= -D INPUTS_LIST= -D OUTPUTS= -D PROPERTIES= -D LOCK= -D OBJCOPY= -D READELF=
#       -P PublishManaged.cmake

list(GET OUTPUTS 0 main_output)
get_filename_component(output_dir "${main_output}" DIRECTORY)
set(fingerprint_file "${output_dir}/inputs.sha256")

# Presets that build at the same time share the folder, and all projects what they are made of.
file(MAKE_DIRECTORY "${output_dir}")
file(LOCK "${LOCK}" GUARD PROCESS TIMEOUT 1800)

set(contents "${PROPERTIES}\n")
file(STRINGS "${INPUTS_LIST}" inputs)
foreach(input IN LISTS inputs)
  file(SHA256 "${SOURCE_DIR}/${input}" hash)
  string(APPEND contents "${hash} ${input}\n")
endforeach()
string(SHA256 fingerprint "${contents}")

if(EXISTS "${main_output}" AND EXISTS "${fingerprint_file}")
  file(READ "${fingerprint_file}" published)
  if(published STREQUAL fingerprint)
    message(STATUS "${PROJECT}: unchanged")
    return()
  endif()
endif()

list(TRANSFORM PROPERTIES PREPEND "-p:")

# Should the publish fail half-way, the next build does not trust what it left.
file(REMOVE "${fingerprint_file}")
file(REMOVE_RECURSE "${output_dir}/debug")

# Build servers would outlive this command and keep its output open, for which ninja would wait.
# Analyzers judge the build of the solution, of the same source; here they would take as long again.
execute_process(
  COMMAND
    "${DOTNET}" publish "${SOURCE_DIR}/${PROJECT}" -c Release -o
    "${output_dir}" --nologo -v minimal -nodeReuse:false -p:UseSharedCompilation=false
    -p:RunAnalyzers=false
    -p:CopyOutputSymbolsToPublishDirectory=true ${PROPERTIES}
  WORKING_DIRECTORY "${SOURCE_DIR}"
  RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "dotnet publish of ${PROJECT} failed (${failed})")
endif()

foreach(file IN LISTS OUTPUTS)
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "dotnet publish of ${PROJECT} made no ${file}")
  endif()
endforeach()

# The symbols go where a debugger looks for them, whatever the binary is called and wherever it is
# installed: to a folder and a name that are made of the build id.
file(GLOB symbols "${output_dir}/*.dbg")
execute_process(
  COMMAND "${READELF}" -n "${main_output}"
  OUTPUT_VARIABLE notes
  RESULT_VARIABLE failed)
list(LENGTH symbols count)
if(failed OR NOT count EQUAL 1 OR NOT notes MATCHES "Build ID: ([0-9a-f][0-9a-f])([0-9a-f]+)")
  message(FATAL_ERROR "${main_output} has no build id, or no symbols of its own: ${symbols}")
endif()
set(debug_file "${output_dir}/debug/.build-id/${CMAKE_MATCH_1}/${CMAKE_MATCH_2}.debug")
get_filename_component(debug_dir "${debug_file}" DIRECTORY)
file(MAKE_DIRECTORY "${debug_dir}")
file(RENAME "${symbols}" "${debug_file}")
execute_process(
  COMMAND "${OBJCOPY}" --remove-section=.gnu_debuglink "--add-gnu-debuglink=${debug_file}" "${main_output}"
  COMMAND_ERROR_IS_FATAL ANY)

# Publishing copies the output only if it differs; to ninja the output must look new all the same.
file(TOUCH_NOCREATE "${main_output}")
file(WRITE "${fingerprint_file}" "${fingerprint}")
