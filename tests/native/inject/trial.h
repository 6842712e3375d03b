#pragma once

#include <string>
#include <vector>

#include "inject/report.h"

namespace interop::sessions::tests {

/// Which call fails, in what, and how.
struct Injection {
  std::string program;  // "both sides" or "session-master"
  std::string call;
  std::string error_name;
  int error = 0;
  uint64_t first = 0;  // 0: none fails, they are counted
  uint64_t count = 1;
};

/// Where the programs are.
struct Programs {
  std::string life;
  std::string injector;
  std::string master;
};

/// How it ended.
struct Outcome {
  enum class Kind { kWell, kBroken, kCrashed, kHung };
  Kind kind = Kind::kWell;
  int signal = 0;
  bool was_reached = false;  // did a call fail?
  uint64_t calls = 0;
  std::string stage;
  std::string thread;
  std::string where;  // module and addresses
  std::string output;
};

/// One fresh process, or two, with a store of their own; everything that it started is gone when it returns.
Outcome Try(const Programs& programs, const Injection& injection);

}  // namespace interop::sessions::tests
