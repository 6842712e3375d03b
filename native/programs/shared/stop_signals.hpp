#pragma once

namespace common {

// SIGTERM, SIGINT and SIGUSR1, taken by the thread that waits here. Make it first in main():
// threads that are started later inherit the blocked signals, those of the library too. No other
// signal is blocked; the library's runtime needs SIGRTMIN.
class StopSignals {
 public:
  enum class Event { kStop, kReport };

  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // kStop for SIGTERM, SIGINT and RequestStop(), kReport for SIGUSR1.
  Event Wait();

  // Makes Wait() return as SIGTERM does. Any thread.
  void RequestStop() noexcept;

 private:
  int signal_fd_;
  int request_fd_;
};

}  // namespace common
