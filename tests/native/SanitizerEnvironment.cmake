# native_test_environment: what the tests of a sanitized build need to know.

set(native_test_environment "")
set(suppressions "${CMAKE_CURRENT_SOURCE_DIR}/sanitizers")

if(INTEROP_SESSIONS_SANITIZERS MATCHES "address")
  list(APPEND native_test_environment
       "LSAN_OPTIONS=suppressions=${suppressions}/lsan.supp:print_suppressions=0")
endif()
if(INTEROP_SESSIONS_SANITIZERS MATCHES "thread")
  list(APPEND native_test_environment
       "TSAN_OPTIONS=suppressions=${suppressions}/tsan.supp:print_suppressions=0")
endif()
