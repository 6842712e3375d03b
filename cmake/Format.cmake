# `format` lays out the native code as .clang-format says; `format-check` fails where it would
# change something. The managed code is formatted by `dotnet format`.

find_program(CLANG_FORMAT_EXECUTABLE NAMES clang-format-14 clang-format)

file(
  GLOB_RECURSE native_files
  CONFIGURE_DEPENDS
  bench/*.hpp
  bench/*.cpp
  native/*.h
  src/Interop/C/*.h
  src/Interop/C/*.c
  src/Publish/*.c
  tests/consumer/*.c
  tests/consumer/*.cpp
  native/*.hpp
  native/*.c
  native/*.cpp
  tests/native/*.h
  tests/native/*.hpp
  tests/native/*.c
  tests/native/*.cpp)

if(CLANG_FORMAT_EXECUTABLE)
  add_custom_target(
    format
    COMMAND "${CLANG_FORMAT_EXECUTABLE}" -i ${native_files}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    VERBATIM)
  add_custom_target(
    format-check
    COMMAND "${CLANG_FORMAT_EXECUTABLE}" --dry-run --Werror ${native_files}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    VERBATIM)
endif()
