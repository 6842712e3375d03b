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

  /// What lets the next process take the latest session up.
  struct Kept {
    std::atomic<std::uint64_t> session_id;
    std::atomic<std::uint64_t> secret_low;
    std::atomic<std::uint64_t> secret_high;
  };

  explicit Witness(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(Content)) != 0) {
      throw std::runtime_error("cannot make " + path);
    }
    void* const memory =
        mmap(nullptr, sizeof(Content), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) {
      throw std::runtime_error("cannot map " + path);
    }
    content_ = static_cast<Content*>(memory);
  }

  ~Witness() { munmap(content_, sizeof(Content)); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  Served& operator[](std::size_t ordinal) { return content_->sessions[ordinal]; }
  Kept& kept() { return content_->kept; }

 private:
  struct Content {
    std::array<Served, 16> sessions;
    Kept kept;
  };
  Content* content_;
};

}  // namespace interop::sessions::tests
