# How our own native code is compiled. Targets link InteropSessions::build_options privately; nothing
# of it reaches those who link the library.

set(INTEROP_SESSIONS_SANITIZERS
    ""
    CACHE STRING "Sanitizers for the native code, as -fsanitize= takes them: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)

find_package(Threads REQUIRED)

add_library(interop_sessions_build_options INTERFACE)
add_library(InteropSessions::build_options ALIAS interop_sessions_build_options)
target_link_libraries(interop_sessions_build_options INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
target_compile_options(interop_sessions_build_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion
                                                                -Wshadow)
# A compiler that is newer than ours may warn of more; that must not end the build of another project.
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(interop_sessions_build_options INTERFACE -Werror)
endif()

if(INTEROP_SESSIONS_SANITIZERS)
  # The first report ends the program: a test that goes on after one proves nothing. A report names
  # lines, not variables, and a quarter of the time to compile goes into what says more.
  set(sanitize -fsanitize=${INTEROP_SESSIONS_SANITIZERS} -fno-sanitize-recover=all
               -fno-omit-frame-pointer -g1)
  # g++ has no such check, and what clang 14 makes of it for a coroutine cannot be assembled.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND INTEROP_SESSIONS_SANITIZERS MATCHES "undefined")
    list(APPEND sanitize -fno-sanitize=function)
  endif()
  target_compile_options(interop_sessions_build_options INTERFACE ${sanitize})
  target_link_options(interop_sessions_build_options INTERFACE ${sanitize})
endif()
