#pragma once

#include <interop_sessions/interop_sessions.h>

#include <atomic>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace interop::sessions::tests {

/// The largest item of a master, in bytes: 1 MiB.
inline constexpr uint32_t kLargeItem = 1 << 20;

/// A master with hooks that count.
class Master {
 public:
  /// Starts it on a store that it may create.
  interop_sessions_status Start(const std::string& store, uint16_t port,
                                interop_sessions_error* error);
  interop_sessions_status Stop(interop_sessions_error* error);

  bool runs() const { return handle_.value != 0; }
  interop_sessions_master handle() const { return handle_; }

  std::atomic<int> created = 0;
  std::atomic<int> expired = 0;

 private:
  interop_sessions_master handle_ = {};
};

/// A follower, with what its host was told and what its master has acknowledged.
class Follower {
 public:
  explicit Follower(std::string identity) : identity_(std::move(identity)) {}

  interop_sessions_status Make(interop_sessions_follower_manager manager,
                               interop_sessions_error* error);
  interop_sessions_status Create(uint32_t term_ms, interop_sessions_error* error);
  interop_sessions_status Set(const std::string& key, const std::string& value,
                              interop_sessions_error* error);
  interop_sessions_status SetAsync(const std::string& key, const std::string& value,
                                   interop_sessions_error* error);
  interop_sessions_status Get(const std::string& key, interop_sessions_error* error);
  interop_sessions_status Remove(const std::string& key, interop_sessions_error* error);
  interop_sessions_status Health(uint32_t for_ms, interop_sessions_error* error);
  interop_sessions_status Close(interop_sessions_error* error);
  interop_sessions_status CloseAsync(interop_sessions_error* error);

  /// Until a session that was created is lost, or so long.
  bool WaitForLoss(uint32_t within_ms) const;

  /// Does the data path refuse?
  bool Refuses() const;

  /// After a close: each session that was told as created was told as lost, once.
  void CheckTold() const;

  /// Is all that was acknowledged of its present session in a master's store?
  void CheckStored(interop_sessions_master master) const;

  /// Says what was acknowledged of it, for a process that looks for it afterwards; and reads it there.
  void SayAcknowledged() const;
  void ReadAcknowledged(std::istream& said);

  bool made() const { return handle_.value != 0; }

 private:
  void Acknowledge(interop_sessions_status status, const std::string& key,
                   const std::optional<std::string>& value);

  std::string identity_;
  interop_sessions_follower handle_ = {};
  interop_sessions_session_info session_ = {};
  std::atomic<int> created_ = 0;
  std::atomic<int> lost_ = 0;
  std::atomic<int> told_ = 0;
  std::atomic<int> closed_ = 0;

  /// By key: the value; nothing if it was removed, or never set as a refusal says; a key of which nobody knows is left out.
  std::map<std::string, std::optional<std::string>> acknowledged_;

  /// Keys of which the last that was done may have been done or not.
  std::set<std::string> unknown_;
};

/// A log that is read by nobody, but has to be called.
void CountRecord(void* user_data, const interop_sessions_log_record* record);

}  // namespace interop::sessions::tests
