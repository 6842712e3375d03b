#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/history.h"

namespace interop::sessions::tests {

/// A program that runs beside the test: its lines of output are a journal, and it goes with its
/// owner.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Journal lines;

  void Send(int signal) const;

  /// Waits for the end; the exit code, or 128 + the signal that ended it. Nothing: it still runs.
  std::optional<int> Wait(uint32_t within_ms = PatienceMs());

  /// Kills it as a power cut does, and waits until it is gone.
  void Kill();

  /// The first line that begins with `prefix`, without the prefix; waits for it, or for the end of
  /// the output.
  std::optional<std::string> Find(const std::string& prefix) const;

 private:
  void ReadLines(int output);

  pid_t id_ = -1;
  std::optional<int> exit_code_;
  std::thread reader_;
};

/// The path of a program that was built beside the running test.
std::string ProgramBesideThis(const std::string& name);

}  // namespace interop::sessions::tests
