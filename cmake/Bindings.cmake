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
