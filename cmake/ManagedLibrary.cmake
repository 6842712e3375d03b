# The .NET library as two targets: InteropSessions::interop_sessions, a shared library to link, and
# InteropSessions::headers for programs that load it with dlopen.

set(INTEROP_SESSIONS_LIBRARY_DIR "${PROJECT_SOURCE_DIR}/build/library${INTEROP_SESSIONS_RUNTIME_SUFFIX}")
set(INTEROP_SESSIONS_LIBRARY "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1.0")

add_managed_publish(
  interop_sessions_library
  PROJECT
  src/Interop/Interop.csproj
  SOURCES
  Core
  Protocol
  Master
  Follower
  Interop
  OUTPUTS
  "${INTEROP_SESSIONS_LIBRARY}"
  "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so.1"
  "${INTEROP_SESSIONS_LIBRARY_DIR}/libinterop_sessions.so")

add_library(InteropSessions::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(InteropSessions::headers INTERFACE "${PROJECT_SOURCE_DIR}/native/include")
target_compile_features(InteropSessions::headers INTERFACE c_std_11)

add_library(InteropSessions::interop_sessions SHARED IMPORTED GLOBAL)
set_target_properties(
  InteropSessions::interop_sessions PROPERTIES IMPORTED_LOCATION "${INTEROP_SESSIONS_LIBRARY}"
                                               IMPORTED_SONAME libinterop_sessions.so.1)
target_link_libraries(InteropSessions::interop_sessions INTERFACE InteropSessions::headers)
add_dependencies(InteropSessions::interop_sessions interop_sessions_library)
