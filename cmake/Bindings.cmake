# `bindings` writes the managed declarations of the C header anew (src/Interop/Generated). Its output
# is committed, so no build and no test needs the generator. Without the package, name a generator
# that was built from its public source:
#   cmake --preset debug -D INTEROP_SESSIONS_BINDINGS_GENERATOR=/opt/clangsharp/ClangSharpPInvokeGenerator

set(INTEROP_SESSIONS_BINDINGS_GENERATOR
    "${DOTNET_EXECUTABLE};tool;run;ClangSharpPInvokeGenerator"
    CACHE STRING "The command, as a list, that takes the response file of the bindings")

add_custom_target(
  bindings
  COMMAND ${INTEROP_SESSIONS_BINDINGS_GENERATOR} @src/Interop/Generated/interop_sessions.rsp
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "src/Interop/Generated"
  USES_TERMINAL VERBATIM)

# `harness-bindings` writes the managed side of the harness's C++ facade anew (tests/Harness.Tests/
# Generated), by CppSharp. Without the package, name a folder with the assemblies, the native library
# and clang's headers (lib/clang) of another build of it.

set(INTEROP_SESSIONS_CPPSHARP_DIRECTORY
    ""
    CACHE PATH "A folder with a build of CppSharp; empty: the package")

add_custom_target(
  harness-bindings
  COMMAND
    "${DOTNET_EXECUTABLE}" run --project tests/Harness.Bindings
    "--property:CppSharpDirectory=${INTEROP_SESSIONS_CPPSHARP_DIRECTORY}" -- tests/native/harness
    tests/Harness.Tests/Generated
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "tests/Harness.Tests/Generated"
  USES_TERMINAL VERBATIM)
