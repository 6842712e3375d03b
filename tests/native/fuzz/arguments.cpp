#include "fuzz/arguments.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace interop::sessions::fuzz {
namespace {

constexpr std::uint32_t kSlack = 4096;
constexpr std::uint32_t kMostErrorBytes = sizeof(interop_sessions_error) + kSlack;

/// What UTF-8 is not, and what a text must not have.
const std::array<const std::string, 9> kOddTexts = {
    std::string("a\0b", 3),          std::string("\xc0\x80"),  std::string("\xed\xa0\x80"),
    std::string("\xf4\x90\x80\x80"), std::string("\xe2\x82"),  std::string("\xff"),
    std::string("\xf0\x9f\x98\x80"), std::string("\r\n\x1b["), std::string("\xef\xbb\xbf")};

bool IsUntouched(const std::uint8_t* start, std::size_t size, std::uint8_t fill) {
  return std::all_of(start, start + size, [fill](std::uint8_t byte) { return byte == fill; });
}

}  // namespace

void Fail(const char* what, const char* function, std::uint64_t value) {
  std::fprintf(stderr, "FAILED: %s: interop_sessions_%s (%llu)\n", what, function,
               static_cast<unsigned long long>(value));
  std::abort();
}

std::uint32_t Arguments::SizeOf(std::size_t known) {
  const std::uint8_t kind = input_.Byte();
  const auto size = static_cast<std::uint32_t>(known);
  return kind < 220   ? size
         : kind < 230 ? size + input_.Of<std::uint32_t>({8, 1, 3, 16, kSlack, kSlack + 1})
         : kind < 240 ? size - input_.Of<std::uint32_t>({1, 4, 8, size - 1, size - 4})
                      : input_.Of<std::uint32_t>({0, 4, 0xffffffff, 0x80000000, 65536, 65537});
}

std::size_t Arguments::There(std::uint32_t said, std::size_t known) {
  // What says more than any release may have is refused by that number: no more than a pointer's worth need be there.
  return said > known + kSlack ? known : std::max<std::size_t>(said, sizeof(std::uint32_t));
}

interop_sessions_string Arguments::TextOf(const std::string& text) {
  std::uint8_t* const start = memory_.Take(text.size(), 0);
  std::memcpy(start, text.data(), text.size());
  return {reinterpret_cast<const char*>(start), text.size()};
}

interop_sessions_string Arguments::Name(const char* start, std::uint32_t most) {
  if (input_.Byte() > 235) {
    return Text();
  }
  return TextOf(std::string(start) + static_cast<char>('0' + input_.Below(most)));
}

interop_sessions_string Arguments::Text() {
  const std::uint8_t kind = input_.Byte();
  if (kind < 16) {
    return {nullptr, 0};
  }
  if (kind < 32) {
    return {nullptr, input_.Of<std::size_t>({1, 5, static_cast<std::size_t>(-1)})};
  }
  if (kind < 48) {
    return {TextOf("x").data, input_.Of<std::size_t>({1ULL << 31, 1ULL << 32, 1ULL << 63,
                                                      static_cast<std::size_t>(-1)})};
  }
  if (kind < 128) {
    return TextOf(kOddTexts[input_.Below(static_cast<std::uint32_t>(kOddTexts.size()))]);
  }
  if (kind < 192) {
    const char fill = input_.Of({'a', '$', '/', '.'});
    return TextOf(
        std::string(input_.Of<std::size_t>({1, 128, 129, 255, 256, 257, 4096, 4097}), fill));
  }
  std::string text;
  for (std::uint32_t left = input_.Below(12); left > 0; --left) {
    text += static_cast<char>(input_.Byte());
  }
  return TextOf(text);
}

interop_sessions_bytes Arguments::Bytes() {
  const std::uint8_t kind = input_.Byte();
  if (kind < 8) {
    return {nullptr, input_.Of<std::size_t>({0, 1, static_cast<std::size_t>(-1)})};
  }
  const std::size_t size =
      kind < 232 ? kind % 16 : input_.Of<std::size_t>({65535, 65536, 65537, 131072});
  const std::uint8_t* const start = memory_.Take(size, kind);
  return {start, kind == 255 ? static_cast<std::size_t>(-1) : size};
}

interop_sessions_call_options* Arguments::Options(std::uint32_t most_ms) {
  interop_sessions_call_options options = INTEROP_SESSIONS_INIT(interop_sessions_call_options);
  if (most_ms == 0 && input_.Byte() > 200) {
    return nullptr;
  }
  options.timeout_ms = input_.Of<std::uint32_t>({50, 20, 100, 1, 3600001, 0xffffffff, 0});
  if (options.timeout_ms == 0 && most_ms != 0) {
    options.timeout_ms = most_ms;
  }
  switch (input_.Byte()) {
    case 1:
      options.deadline_ns = interop_sessions_now_ns() + 20000000;
      break;
    case 2:
      options.deadline_ns = static_cast<std::int64_t>(input_.Number());
      break;
    case 3:
      options.deadline_ns = input_.Of<std::int64_t>({INT64_MIN, INT64_MAX, -1, 1});
      break;
    default:
      break;
  }
  switch (input_.Byte()) {
    case 1:
      options.trace_parent = TextOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      break;
    case 2:
      options.trace_parent = TextOf("00-00000000000000000000000000000000-0000000000000000-00");
      break;
    case 3:
      options.trace_parent = Text();
      break;
    default:
      break;
  }
  interop_sessions_call_options* const given = In(options);
  // NULL would mean a default that is too long to wait for.
  return given == nullptr && most_ms != 0 ? Put(options, sizeof(options)) : given;
}

interop_sessions_error* Arguments::Error() {
  const std::uint8_t kind = input_.Byte();
  if (kind < 64) {
    return nullptr;
  }
  error_size_ = kind < 230 ? static_cast<std::uint32_t>(sizeof(interop_sessions_error))
                           : SizeOf(sizeof(interop_sessions_error));
  error_there_ = error_size_ > kMostErrorBytes
                     ? sizeof(interop_sessions_error)
                     : std::max<std::size_t>(error_size_, sizeof(error_size_));
  error_ = memory_.Take(error_there_, kUntouched);
  std::memcpy(error_, &error_size_, sizeof(error_size_));
  return reinterpret_cast<interop_sessions_error*>(error_);
}

void Arguments::Verify(const char* function, interop_sessions_status status) const {
  if (status == INTEROP_SESSIONS_INTERNAL) {
    if (error_ != nullptr && error_there_ >= sizeof(interop_sessions_error)) {
      std::fprintf(stderr, "%s\n",
                   reinterpret_cast<const interop_sessions_error*>(error_)->message);
    }
    Fail("a defect of the library", function, status);
  }
  if (std::strcmp(interop_sessions_status_name(status), "UNKNOWN_STATUS") == 0) {
    Fail("no status", function, status);
  }
  for (const Written& out : outs_) {
    // What is refused has written nothing; what is done has written no more than the library knows.
    const std::size_t from =
        status == INTEROP_SESSIONS_OK ? std::max(out.known, out.kept) : out.kept;
    if (out.there > from && !IsUntouched(out.start + from, out.there - from, kUntouched)) {
      Fail("an output was written that must not be", function, status);
    }
  }
  VerifyError(function, status);
}

void Arguments::VerifyError(const char* function, interop_sessions_status status) const {
  if (error_ == nullptr) {
    return;
  }
  std::uint32_t size = 0;
  std::memcpy(&size, error_, sizeof(size));
  if (size != error_size_) {
    Fail("struct_size of an error was changed", function, size);
  }
  if (error_size_ < sizeof(interop_sessions_error) || error_size_ > kMostErrorBytes) {
    // It may also be refused for what is found first.
    if (status == INTEROP_SESSIONS_OK ||
        !IsUntouched(error_ + sizeof(size), error_there_ - sizeof(size), kUntouched)) {
      Fail("an unusable error was used", function, status);
    }
    return;
  }
  const auto* const error = reinterpret_cast<const interop_sessions_error*>(error_);
  if (error->status != status) {
    Fail("the error says another status", function, error->status);
  }
  if (std::memchr(error->message, 0, sizeof(error->message)) == nullptr ||
      std::memchr(error->leader_hint, 0, sizeof(error->leader_hint)) == nullptr) {
    Fail("a text of an error has no end", function, status);
  }
  if ((status == INTEROP_SESSIONS_OK) != (error->message[0] == '\0')) {
    Fail("an error says nothing, or a success says something", function, status);
  }
  if (!IsUntouched(error_ + sizeof(*error), error_there_ - sizeof(*error), kUntouched)) {
    Fail("bytes behind an error were written", function, status);
  }
}

}  // namespace interop::sessions::fuzz
