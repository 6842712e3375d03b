# Publishes a managed project by NativeAOT unless the output is already what its inputs make it.
# Compares contents, not times: a build folder that is new, or a source file that was only touched,
# costs no publish.
#
# cmake -D DOTNET= -D SOURCE_DIR= -D PROJECT= -D INPUTS_LIST= -D OUTPUTS= -D PROPERTIES= -P PublishManaged.cmake

list(GET OUTPUTS 0 main_output)
get_filename_component(output_dir "${main_output}" DIRECTORY)
set(fingerprint_file "${output_dir}/inputs.sha256")

# Presets that build at the same time share the folder, and all projects what they are made of.
file(MAKE_DIRECTORY "${output_dir}")
file(LOCK "${SOURCE_DIR}/build/publish.lock" GUARD PROCESS TIMEOUT 1800)

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

# Build servers would outlive this command and keep its output open, for which ninja would wait.
execute_process(
  COMMAND
    "${DOTNET}" publish "${SOURCE_DIR}/${PROJECT}" -c Release -o
    "${output_dir}" --nologo -v minimal -nodeReuse:false -p:UseSharedCompilation=false ${PROPERTIES}
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

# Publishing copies the output only if it differs; to ninja the output must look new all the same.
file(TOUCH_NOCREATE "${main_output}")
file(WRITE "${fingerprint_file}" "${fingerprint}")
