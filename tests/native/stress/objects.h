#pragma once

#include <interop_sessions/interop_sessions.h>

#include <atomic>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stress/targets.h"
#include "stress/witnesses.h"
#include "support/c_values.h"
#include "support/temporary_directory.h"

namespace interop::sessions::tests {

using Random = std::minstd_rand;

/// Libraries, masters, managers, followers and registrations that any thread and any callback makes and ends, and what is promised of
/// each call: it does not fail by a defect, and nothing runs after an end.
class Objects {
 public:
  /// How long a call waits that may wait: the default.
  static constexpr uint32_t kUntilTheEnd = 0;

  /// The same of one that a callback makes, since what it waits for may wait for the callback.
  static constexpr uint32_t kShortMs = 50;

  explicit Objects(Deed in_callback) : targets_(std::move(in_callback)) {}

  void Initialize();
  void Shutdown(Random& random) { Shutdown(AnyLibrary(random).value); }

  /// Until there is none: callbacks may make others.
  void ShutdownAll();

  void StartMaster(Random& random);
  void StopMaster(Random& random, uint32_t timeout_ms);
  void CreateManager(Random& random);
  void CloseManager(uint32_t timeout_ms);
  void CreateFollower();
  void CreateSession(Random& random);
  void CreateSessionAsync(Random& random);
  void Close(Random& random);
  void CloseAsync(Random& random);
  void Register(Random& random);

  /// `inside`: the callback that does it; nullptr: none.
  void Unregister(Random& random, uint32_t timeout_ms, const Target* inside);

  /// In a callback, what would wait for it is refused at once.
  void ExpectRefusals(Random& random, const Target& inside);

  /// Whether each user_data was released, and each end told that was to be.
  bool IsAllTold() { return targets_.AreAllReleased() && followers_.IsEachCloseTold(); }

  /// How many calls did what they were asked to.
  uint64_t successes() const { return successes_; }

 private:
  static constexpr size_t kLibraries = 3;

  bool Note(interop_sessions_status status, const Error& error);
  void Shutdown(uint64_t library);
  std::vector<uint64_t> Libraries();

  /// Zero if there is none.
  interop_sessions_library AnyLibrary(Random& random);

  /// And its library.
  Owners LatestManager();

  TemporaryDirectory directory_;
  Witnesses masters_;
  Witnesses followers_;
  Witnesses registrations_;
  Targets targets_;
  std::mutex mutex_;
  std::vector<uint64_t> libraries_;
  Owners latest_manager_;
  std::atomic<uint16_t> port_ = 1;
  std::atomic<unsigned> identities_ = 0;
  std::atomic<uint64_t> successes_ = 0;
};

}  // namespace interop::sessions::tests
