#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "support/tasks.h"

namespace interop::sessions::tests {

/// What there is still of a library that has been shut down: its threads, sockets, files whose paths
/// begin like the store's. Empty: nothing. A connection's end may take a moment.
inline std::string LeftBehind(const std::string& store) {
  std::string left;
  for (const std::string& task : Tasks()) {
    const std::string name = NameOfTask(task);
    left += name.rfind("sessions-", 0) == 0 ? " thread " + name : "";
  }
  for (const auto& descriptor : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string what = std::filesystem::read_symlink(descriptor, gone).string();
    if (what.rfind("socket:", 0) == 0 || what.rfind(store, 0) == 0) {
      left += " descriptor of " + what;
    }
  }
  return left;
}

}  // namespace interop::sessions::tests
