#pragma once

#include <interop_sessions/interop_sessions.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "fuzz/guarded_memory.h"
#include "fuzz/input.h"

namespace interop::sessions::fuzz {

/// Says what does not hold, and ends the process: libFuzzer then keeps the input.
[[noreturn]] void Fail(const char* what, const char* function, std::uint64_t value);

/// The arguments of one call: of any size, any text, NULL or not, each in memory that ends where it says. After the call it looks at what
/// the library has written.
class Arguments {
 public:
  Arguments(Input& input, GuardedMemory& memory) : input_(input), memory_(memory) {}

  Input& input() { return input_; }

  /// UTF-8 or not, within its limit or not, at times with a size that is no size.
  interop_sessions_string Text();

  /// One of few, so that calls meet.
  interop_sessions_string Name(const char* start, std::uint32_t most);

  interop_sessions_string TextOf(const std::string& text);

  interop_sessions_bytes Bytes();

  /// A struct that the library reads, as of whatever release; NULL at times.
  template <typename T>
  T* In(T value) {
    if (input_.Byte() > 245) {
      return nullptr;
    }
    const std::uint32_t said = SizeOf(sizeof(T));
    return Put(value, said);
  }

  /// An array of structs, of which all say the same size, or one does not.
  template <typename T>
  T* Array(const std::vector<T>& values) {
    if (values.empty() || input_.Byte() > 245) {
      return nullptr;
    }
    const std::uint32_t said = SizeOf(sizeof(T));
    const std::size_t there = There(said, sizeof(T));
    std::uint8_t* const start = memory_.Take(there * values.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      T value = values[i];
      // The first is believed, as far as a size may be.
      value.struct_size = i > 0 && input_.Byte() > 250 ? input_.Number32() : said;
      std::memcpy(start + i * there, &value, there < sizeof(T) ? there : sizeof(T));
    }
    return reinterpret_cast<T*>(start);
  }

  /// A struct that the library writes; NULL at times.
  template <typename T>
  T* Out() {
    if (input_.Byte() > 245) {
      return nullptr;
    }
    const std::uint32_t said = SizeOf(sizeof(T));
    const std::size_t there = There(said, sizeof(T));
    std::uint8_t* const start = memory_.Take(there, kUntouched);
    std::memcpy(start, &said, sizeof(said));
    outs_.push_back({start, there, sizeof(T), sizeof(said)});
    return reinterpret_cast<T*>(start);
  }

  /// A number or pointer that the library writes; NULL at times.
  template <typename T>
  T* OutValue() {
    if (input_.Byte() > 245) {
      return nullptr;
    }
    std::uint8_t* const start = memory_.Take(sizeof(T), kUntouched);
    outs_.push_back({start, sizeof(T), sizeof(T), 0});
    return reinterpret_cast<T*>(start);
  }

  /// Options of a call, of which `most_ms` bounds how long it may take; 0: the default may be asked for.
  interop_sessions_call_options* Options(std::uint32_t most_ms);

  /// The error of the call.
  interop_sessions_error* Error();

  /// What must hold when the call has returned.
  void Verify(const char* function, interop_sessions_status status) const;

 private:
  static constexpr std::uint8_t kUntouched = 0xa5;

  struct Written {
    const std::uint8_t* start;
    std::size_t there;
    std::size_t known;
    std::size_t kept;  // bytes in front that stay whatever happens
  };

  /// What struct_size says: mostly the truth.
  std::uint32_t SizeOf(std::size_t known);

  /// How many bytes of a struct are there that says so.
  static std::size_t There(std::uint32_t said, std::size_t known);

  template <typename T>
  T* Put(T value, std::uint32_t said) {
    const std::size_t there = There(said, sizeof(T));
    std::uint8_t* const start = memory_.Take(there, 0);
    value.struct_size = said;
    std::memcpy(start, &value, there < sizeof(T) ? there : sizeof(T));
    if (there > sizeof(T) && input_.Byte() > 200) {
      start[sizeof(T) + input_.Below(static_cast<std::uint32_t>(
                            there - sizeof(T) < 255 ? there - sizeof(T) : 255))] = 1;
    }
    return reinterpret_cast<T*>(start);
  }

  void VerifyError(const char* function, interop_sessions_status status) const;

  Input& input_;
  GuardedMemory& memory_;
  std::vector<Written> outs_;
  std::uint8_t* error_ = nullptr;
  std::uint32_t error_size_ = 0;
  std::size_t error_there_ = 0;
};

}  // namespace interop::sessions::fuzz
