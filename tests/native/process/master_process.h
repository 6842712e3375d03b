#pragma once

#include <memory>
#include <string>

#include "support/child_process.h"
#include "support/time_scale.h"

namespace interop::sessions::tests {

/// A master in a process of its own, which can be killed and started again at its port.
class MasterProcess {
 public:
  MasterProcess(std::string store_path, std::uint32_t term_ms, std::uint32_t max_term_ms)
      : store_path_(std::move(store_path)), term_ms_(term_ms), max_term_ms_(max_term_ms) {
    Start();
  }

  void Start() {
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        ProgramBesideThis("master_host"), "127.0.0.1:" + std::to_string(port_), store_path_,
        std::to_string(term_ms_), std::to_string(max_term_ms_)});
    const std::string ready = process_->Find("ready ").value();
    port_ = std::stoi(ready);
    ready_ns_ = std::stoll(ready.substr(ready.find("at ") + 3));
  }

  void Kill() { process_->Kill(); }

  ChildProcess& process() { return *process_; }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

  /// CLOCK_BOOTTIME at which it served again.
  std::int64_t ready_ns() const { return ready_ns_; }

  /// When session_ended ran for a session, from a line "ended <reason> <identity> <epoch> at".
  std::int64_t EndedAtNs(const std::string& which) const {
    return std::stoll(process_->Find("ended " + which + " at ").value());
  }

 private:
  const std::string store_path_;
  const std::uint32_t term_ms_;
  const std::uint32_t max_term_ms_;
  int port_ = 0;
  std::int64_t ready_ns_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace interop::sessions::tests
