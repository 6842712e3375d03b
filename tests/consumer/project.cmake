# The CMakeLists.txt of somebody who has only the installed package. It is copied out of the tree
# before it is configured, so that nothing of the tree is found by accident.
cmake_minimum_required(VERSION 3.22)
project(Consumer LANGUAGES C CXX)

# Older than what the headers need: the target asks for more.
set(CMAKE_CXX_STANDARD 14)

find_package(InteropSessions 1 REQUIRED)

# The tests of packages have one program alone.
if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/forms.cpp")
  add_executable(forms_14 forms.cpp)
  foreach(standard IN ITEMS 17 20 23)
    add_executable(forms_${standard} forms.cpp)
    set_target_properties(forms_${standard} PROPERTIES CXX_STANDARD ${standard})
  endforeach()
  set(forms forms_14 forms_17 forms_20 forms_23)
endif()

# It has coroutines; without them C++17 is enough.
set(CMAKE_CXX_STANDARD 20)
add_executable(consumer consumer.cpp)

foreach(program IN ITEMS consumer ${forms})
  target_link_libraries(${program} PRIVATE InteropSessions::interop_sessions)
  target_compile_options(${program} PRIVATE -Wall -Wextra -Wpedantic -Werror)
endforeach()
