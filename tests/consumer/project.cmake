# The CMakeLists.txt of somebody who has only the installed package. It is copied out of the tree
# before it is configured, so that nothing of the tree is found by accident.
cmake_minimum_required(VERSION 3.22)
project(Consumer LANGUAGES C CXX)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)

find_package(InteropSessions 1 REQUIRED)

add_executable(consumer consumer.cpp)
target_link_libraries(consumer PRIVATE InteropSessions::interop_sessions)
target_compile_options(consumer PRIVATE -Wall -Wextra -Wpedantic -Werror)
