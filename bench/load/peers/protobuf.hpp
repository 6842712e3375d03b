#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "failure.hpp"

namespace load {

static_assert(std::endian::native == std::endian::little, "fixed64 is copied as it is in memory");

// Appends the fields of a protobuf message. https://protobuf.dev/programming-guides/encoding
class ProtobufWriter {
 public:
  ProtobufWriter& Varint(unsigned field, std::uint64_t value) {
    Tag(field, 0);
    Raw(value);
    return *this;
  }

  ProtobufWriter& Fixed64(unsigned field, std::uint64_t value) {
    Tag(field, 1);
    text_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }

  // Bytes, a string or a message.
  ProtobufWriter& Bytes(unsigned field, std::string_view value) {
    Tag(field, 2);
    Raw(value.size());
    text_.append(value);
    return *this;
  }

  const std::string& Text() const { return text_; }

 private:
  void Tag(unsigned field, unsigned type) { Raw(field << 3 | type); }

  void Raw(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
      text_.push_back(static_cast<char>(value | 0x80));
    }
    text_.push_back(static_cast<char>(value));
  }

  std::string text_;
};

// Goes through the fields of a message: Next, then what the field has.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view text) : text_(text) {}

  bool Next() {
    if (text_.empty()) {
      return false;
    }
    const std::uint64_t tag = Raw();
    field_ = static_cast<unsigned>(tag >> 3);
    switch (tag & 7) {
      case 0:
        number_ = Raw();
        break;
      case 1:
        std::memcpy(&number_, Take(sizeof(number_)).data(), sizeof(number_));
        break;
      case 2:
        bytes_ = Take(Raw());
        break;
      case 5:
        Take(4);
        break;
      default:
        throw Failure("an answer has a field of a type that protobuf does not have");
    }
    return true;
  }

  unsigned Field() const { return field_; }
  std::uint64_t Number() const { return number_; }
  std::string_view Bytes() const { return bytes_; }

 private:
  std::uint64_t Raw() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(Take(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    throw Failure("an answer has a number of more than 64 bits");
  }

  std::string_view Take(std::uint64_t count) {
    if (count > text_.size()) {
      throw Failure("an answer ends in the middle of a field");
    }
    const std::string_view taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }

  std::string_view text_;
  unsigned field_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace load
