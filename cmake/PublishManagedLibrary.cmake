# Publishes the managed library unless it is already what its inputs make it. Compares contents, not
# times: a build folder that is new, or a source file that was only touched, costs no publish.
#
# cmake -D DOTNET= -D SOURCE_DIR= -D INPUTS_LIST= -D LIBRARY= -P PublishManagedLibrary.cmake

get_filename_component(library_dir "${LIBRARY}" DIRECTORY)
set(fingerprint_file "${library_dir}/inputs.sha256")

# Presets that build at the same time share the folder.
file(MAKE_DIRECTORY "${library_dir}")
file(LOCK "${library_dir}.lock" GUARD PROCESS TIMEOUT 1800)

set(contents "")
file(STRINGS "${INPUTS_LIST}" inputs)
foreach(input IN LISTS inputs)
  file(SHA256 "${SOURCE_DIR}/${input}" hash)
  string(APPEND contents "${hash} ${input}\n")
endforeach()
string(SHA256 fingerprint "${contents}")

if(EXISTS "${LIBRARY}" AND EXISTS "${fingerprint_file}")
  file(READ "${fingerprint_file}" published)
  if(published STREQUAL fingerprint)
    message(STATUS "Managed library: unchanged")
    return()
  endif()
endif()

# Should the publish fail half-way, the next build does not trust what it left.
file(REMOVE "${fingerprint_file}")

# Build servers would outlive this command and keep its output open, for which ninja would wait.
execute_process(
  COMMAND
    "${DOTNET}" publish "${SOURCE_DIR}/src/Interop/Interop.csproj" -c Release -o
    "${library_dir}" --nologo -v minimal -nodeReuse:false -p:UseSharedCompilation=false
  WORKING_DIRECTORY "${SOURCE_DIR}"
  RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "dotnet publish of src/Interop failed (${failed})")
endif()

foreach(file IN ITEMS "${LIBRARY}" "${library_dir}/libinterop_sessions.so.1"
                      "${library_dir}/libinterop_sessions.so")
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "dotnet publish of src/Interop made no ${file}")
  endif()
endforeach()

# Publishing copies the library only if it differs; to ninja the output must look new all the same.
file(TOUCH_NOCREATE "${LIBRARY}")
file(WRITE "${fingerprint_file}" "${fingerprint}")
