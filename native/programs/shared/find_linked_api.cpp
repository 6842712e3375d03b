#include "shared/find_api.hpp"

namespace common {

interop::sessions::result<interop::sessions::api> FindApi(const std::string& path) {
  using interop::sessions::api;
  return path.empty() ? interop::sessions::result<api>(api::linked()) : api::load(path);
}

}  // namespace common
