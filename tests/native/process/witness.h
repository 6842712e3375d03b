#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace interop::sessions::tests {

/// What a data path did, in a file mapped by its process and by the test: it survives a SIGKILL of
/// the process and is read without its help.
class Witness {
 public:
  /// One session of the process, in order.
  struct Served {
    std::atomic<std::uint64_t> epoch;
    std::atomic<std::int64_t> last_effect_ns;  // the lease said yes no earlier than this
  };

  explicit Witness(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(Sessions)) != 0) {
      throw std::runtime_error("cannot make " + path);
    }
    void* const memory =
        mmap(nullptr, sizeof(Sessions), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) {
      throw std::runtime_error("cannot map " + path);
    }
    sessions_ = static_cast<Sessions*>(memory);
  }

  ~Witness() { munmap(sessions_, sizeof(Sessions)); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  Served& operator[](std::size_t ordinal) { return (*sessions_)[ordinal]; }

 private:
  using Sessions = std::array<Served, 16>;
  Sessions* sessions_;
};

}  // namespace interop::sessions::tests
