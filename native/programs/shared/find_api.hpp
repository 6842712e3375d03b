#pragma once

#include <interop_sessions/api.hpp>
#include <string>

namespace common {

// The functions of the library at `path`. An empty path means the library that the program came
// with: find_linked_api.cpp is linked with it, find_loaded_api.cpp asks the loader for it.
interop::sessions::result<interop::sessions::api> FindApi(const std::string& path);

}  // namespace common
