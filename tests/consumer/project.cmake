# The CMakeLists.txt of somebody who has only the installed package. It is copied out of the tree
# before it is configured, so that nothing of the tree is found by accident.
cmake_minimum_required(VERSION 3.22)
project(Consumer LANGUAGES C CXX)

# Older than what the headers need: the target asks for more.
set(CMAKE_CXX_STANDARD 17)

find_package(InteropSessions 1 REQUIRED)

# It has coroutines; without them C++17 is enough.
set(CMAKE_CXX_STANDARD 20)
add_executable(consumer consumer.cpp)
target_link_libraries(consumer PRIVATE InteropSessions::interop_sessions)
target_compile_options(consumer PRIVATE -Wall -Wextra -Wpedantic -Werror)
