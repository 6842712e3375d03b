#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace interop::sessions::fuzz {

/// Memory whose end is the end of what may be touched: a library that reads or writes a byte beyond what a struct_size or a string's size
/// says ends the process. One for each thread; what is taken lasts until the call is over, and is then scribbled over, so that a library
/// that has kept a pointer finds rubbish.
class GuardedMemory {
 public:
  /// Large enough for an error of the largest size, and for a value that is too large.
  static constexpr std::size_t kMostBytes = 128 * 1024;

  GuardedMemory() = default;
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  /// The last bytes before what must not be touched, and at a multiple of 8 if the size is one.
  std::uint8_t* Take(std::size_t size, std::uint8_t fill);

  /// The call is over.
  void Scribble();

 private:
  void Add();

  struct Block {
    std::uint8_t* start;
    std::size_t used;
  };

  std::vector<Block> blocks_;
  std::size_t taken_ = 0;
};

}  // namespace interop::sessions::fuzz
