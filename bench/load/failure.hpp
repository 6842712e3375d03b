#pragma once

#include <stdexcept>

namespace load {

// What ends a run: one sentence that says what was asked of whom, and what came instead.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace load
