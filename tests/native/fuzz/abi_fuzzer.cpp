// Drives the whole C ABI with calls that an input says: which function, on which handle, with which arguments and sizes, from which
// thread or callback. libFuzzer makes the inputs.
//
// The library is compiled by NativeAOT and counts no branches. What guides libFuzzer is which function answered which status, and which
// one came before.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

/// Bytes of a call: the rest of a long argument is 0.
constexpr std::size_t kCallBytes = 48;
constexpr std::size_t kMostCalls = 32;

// NOLINTNEXTLINE: where libFuzzer looks.
__attribute__((section("__libfuzzer_extra_counters"))) std::array<std::uint8_t, 1 << 14> s_answers;

void Count(const char* function, interop_sessions_status status) {
  static thread_local std::uint32_t former = 0;
  std::uint32_t hash = 2166136261U;
  for (const char* at = function; *at != '\0'; ++at) {
    hash = (hash ^ static_cast<std::uint8_t>(*at)) * 16777619U;
  }
  hash = (hash ^ status) * 16777619U;
  s_answers[hash % s_answers.size()] = 1;
  s_answers[(hash * 31 + former) % s_answers.size()] = 1;
  former = hash;
}

/// How often which function answered what: printed at the end if INTEROP_SESSIONS_FUZZ_ANSWERS is set, to see what a run reaches.
class Answers {
 public:
  static Answers& Here() {
    static Answers& answers = *new Answers();
    return answers;
  }

  void Note(const char* function, interop_sessions_status status) {
    if (is_wanted_) {
      const std::lock_guard guard(lock_);
      ++counts_[{function, interop_sessions_status_name(status)}];
    }
  }

  void Print() {
    for (const auto& [answer, count] : counts_) {
      std::fprintf(stderr, "%8ld %s %s\n", count, answer.first.c_str(), answer.second.c_str());
    }
  }

 private:
  Answers() : is_wanted_(std::getenv("INTEROP_SESSIONS_FUZZ_ANSWERS") != nullptr) {
    std::atexit([] { Here().Print(); });
  }

  const bool is_wanted_;
  std::mutex lock_;
  std::map<std::pair<std::string, std::string>, long> counts_;
};

void CallAll(const std::uint8_t* data, std::size_t size, std::size_t first, std::size_t step) {
  for (std::size_t at = first * kCallBytes; at < size; at += step * kCallBytes) {
    Input input(data + at, size - at < kCallBytes ? size - at : kCallBytes);
    Call(input);
  }
}

}  // namespace

interop_sessions_status Finish(Arguments& arguments, const char* function,
                               interop_sessions_status status) {
  arguments.Verify(function, status);
  Count(function, status);
  Answers::Here().Note(function, status);
  return status;
}

void Call(Input& input) {
  static thread_local GuardedMemory memory;
  Arguments arguments(input, memory);
  switch (input.Below(8)) {
    case 0:
      CallLibrary(arguments);
      break;
    case 1:
      CallMaster(arguments);
      break;
    case 2:
    case 3:
      CallFollower(arguments);
      break;
    case 4:
    case 5:
      CallItems(arguments);
      break;
    default:
      CallOthers(arguments);
      break;
  }
  memory.Scribble();
}

}  // namespace interop::sessions::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace interop::sessions::fuzz;
  if (size < 2) {
    return 0;
  }
  World& world = World::Here();
  world.Prepare();
  const std::size_t threads = data[0] < 128 ? 1 : 1 + data[0] % 4;
  ++data;
  size = size - 1 < kMostCalls * kCallBytes ? size - 1 : kMostCalls * kCallBytes;
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) {
    others.emplace_back([=] { CallAll(data, size, i, threads); });
  }
  CallAll(data, size, 0, threads);
  for (std::thread& other : others) {
    other.join();
  }
  world.Settle();
  return 0;
}
