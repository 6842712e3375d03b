#include "shared/find_api.hpp"

namespace common {

interop::sessions::result<interop::sessions::api> FindApi(const std::string& path) {
  return interop::sessions::api::load(path.empty() ? "libinterop_sessions.so.1" : path);
}

}  // namespace common
