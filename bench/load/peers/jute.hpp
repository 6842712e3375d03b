#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "failure.hpp"

namespace load {

// ZooKeeper's encoding (jute): numbers with the highest byte first, texts behind their length.
class JuteWriter {
 public:
  template <std::integral Number>
  JuteWriter& Put(Number value) {
    for (unsigned shift = 8 * sizeof(Number); shift > 0; shift -= 8) {
      text_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (shift - 8)));
    }
    return *this;
  }

  JuteWriter& Put(std::string_view value) {
    Put(static_cast<std::int32_t>(value.size()));
    text_.append(value);
    return *this;
  }

  const std::string& Text() const { return text_; }

 private:
  std::string text_;
};

class JuteReader {
 public:
  explicit JuteReader(std::string_view text) : text_(text) {}

  template <std::integral Number>
  Number Get() {
    if (text_.size() < sizeof(Number)) {
      throw Failure("ZooKeeper's answer ends in the middle of a number");
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      value = value << 8 | static_cast<unsigned char>(text_[i]);
    }
    text_.remove_prefix(sizeof(Number));
    return static_cast<Number>(value);
  }

 private:
  std::string_view text_;
};

}  // namespace load
