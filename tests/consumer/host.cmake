# The CMakeLists.txt of a project that takes the library in as a part of its own build, and has targets with names
# that are ours at the top level. It is still C++14, and what uses the library there is C++17 since the target asks for that.
cmake_minimum_required(VERSION 3.22)
project(Host LANGUAGES C CXX)
enable_testing()

set(CMAKE_CXX_STANDARD 14)

foreach(
  name IN
  ITEMS bindings
        chunkserver_classes
        coroutines_on_a_pool
        coroutines_on_asio
        find_linked_api
        find_loaded_api
        format
        format-check
        harness-bindings
        metaserver_classes
        programs_common
        session_master
        sessionctl)
  add_custom_target(${name})
endforeach()
foreach(name IN ITEMS chunkserver chunkserver-dlopen metaserver metaserver-dlopen)
  add_executable(${name} host.c)
endforeach()

include(FetchContent)
FetchContent_Declare(InteropSessions SOURCE_DIR "${INTEROP_SESSIONS_SOURCE}")
FetchContent_MakeAvailable(InteropSessions)

add_executable(forms forms.cpp)
target_link_libraries(forms PRIVATE InteropSessions::interop_sessions)
target_compile_options(forms PRIVATE -Wall -Wextra -Wpedantic -Werror)

set(CMAKE_CXX_STANDARD 20)
add_executable(consumer consumer.cpp)
target_link_libraries(consumer PRIVATE InteropSessions::interop_sessions)
target_compile_options(consumer PRIVATE -Wall -Wextra -Wpedantic -Werror)
add_executable(consumer_in_c consumer.c)
target_link_libraries(consumer_in_c PRIVATE InteropSessions::interop_sessions)
# Everything that dlopen and threads need comes with the headers.
add_executable(loader loader.cpp)
target_link_libraries(loader PRIVATE InteropSessions::headers)

install(TARGETS chunkserver DESTINATION bin)
