# The CMakeLists.txt of somebody who has only the installed package and no C++ at all.
cmake_minimum_required(VERSION 3.22)
project(ConsumerInC LANGUAGES C)

set(CMAKE_C_STANDARD 11)

find_package(InteropSessions 1 REQUIRED)

add_executable(consumer_in_c consumer.c)
target_link_libraries(consumer_in_c PRIVATE InteropSessions::interop_sessions)
target_compile_options(consumer_in_c PRIVATE -Wall -Wextra -Wpedantic -Werror)
