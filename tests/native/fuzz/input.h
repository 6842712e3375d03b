#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>

namespace interop::sessions::fuzz {

/// The bytes of one call, read as decisions. Behind the end everything is 0.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  bool IsOver() const { return at_ >= size_; }

  std::uint8_t Byte() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }

  bool Flag() { return (Byte() & 1) != 0; }

  /// 0 to one less.
  std::uint32_t Below(std::uint32_t count) { return Byte() % count; }

  template <typename T>
  T Of(std::initializer_list<T> choices) {
    return choices.begin()[Below(static_cast<std::uint32_t>(choices.size()))];
  }

  /// Small, at an edge, or any.
  std::uint64_t Number() {
    const std::uint8_t kind = Byte();
    if (kind < 64) {
      return kind;
    }
    if (kind < 208) {
      return kEdges[kind % kEdges.size()];
    }
    std::uint64_t any = 0;
    for (int i = 0; i < 8; ++i) {
      any = any << 8 | Byte();
    }
    return any;
  }

  std::uint32_t Number32() { return static_cast<std::uint32_t>(Number()); }

 private:
  static constexpr std::array<std::uint64_t, 22> kEdges = {
      0,          1,
      2,          16,
      17,         100,
      101,        199,
      200,        255,
      1000,       1024,
      10000,      10001,
      65535,      65536,
      3600000,    3600001,
      0x7fffffff, 0xffffffff,
      1ULL << 63, std::numeric_limits<std::uint64_t>::max()};

  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

}  // namespace interop::sessions::fuzz
