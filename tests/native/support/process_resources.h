#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

namespace interop::sessions::tests {

/// What this process holds, as the kernel counts it.
struct ProcessResources {
  std::size_t threads = 0;
  std::size_t file_descriptors = 0;
  std::size_t resident_kib = 0;

  static ProcessResources Now() {
    return {CountEntries("/proc/self/task"), CountEntries("/proc/self/fd"), ResidentKib()};
  }

 private:
  static std::size_t CountEntries(const char* folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
      count++;
    }
    return count;
  }

  static std::size_t ResidentKib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      std::size_t kib = 0;
      if (word == "VmRSS:" && status >> kib) {
        return kib;
      }
    }
    return 0;
  }
};

inline std::ostream& operator<<(std::ostream& out, const ProcessResources& held) {
  return out << held.threads << " threads, " << held.file_descriptors << " file descriptors, "
             << held.resident_kib << " KiB resident";
}

}  // namespace interop::sessions::tests
