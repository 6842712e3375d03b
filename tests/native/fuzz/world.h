#pragma once

#include <interop_sessions/interop_sessions.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fuzz/input.h"

namespace interop::sessions::fuzz {

enum class Kind { kLibrary, kMaster, kManager, kFollower, kRegistration, kOperation };

/// What a call was given as user_data: counted by its callbacks, and looked at when all is over.
struct Ticket {
  enum class Promise {
    kOneCompletion,  // exactly one, if the call was accepted
    kAnyCompletions  // of a registration, or an object with callbacks
  };

  const char* function = "";
  Promise promise = Promise::kOneCompletion;
  bool releases = false;
  /// The structs that lead to it may have been refused, so that the library has not even seen it.
  bool may_be_unseen = false;
  std::atomic<bool> accepted{false};
  std::atomic<bool> is_returned{false};
  std::atomic<int> completions{0};
  std::atomic<int> released{0};
  /// What the callback calls, as an input of its own.
  std::array<std::uint8_t, 24> then{};
};

/// The objects that calls meet: some that last as long as the process, and those that the calls of one input make.
class World {
 public:
  /// The one of the process: made at its first use.
  static World& Here();

  /// Mostly one of its kind, at times another's, a stale one, or none.
  std::uint64_t Pick(Kind kind, Input& input);

  struct Held {
    interop_sessions_follower follower;
    std::uint64_t epoch;
    std::uint64_t session_id;
    interop_sessions_secret secret;
  };

  /// A session that some follower has or had, mostly.
  Held PickSession(Input& input);

  void Add(Kind kind, std::uint64_t handle);
  void Add(const Held& held);

  /// Does the process go on needing it?
  bool Lasts(std::uint64_t handle) const;

  /// Lives until the input is over; the library has its address.
  Ticket* NewTicket(const char* function, Ticket::Promise promise, bool releases, Input& input);

  /// The input is over: no callback begins another call.
  bool is_settling() const { return is_settling_; }

  /// A callback begins a call, or has ended it.
  void CallsWithin(int more) { calls_within_ += more; }

  /// The followers that last have a session each when an input begins.
  void Prepare();

  /// Ends what the input has made, and sees whether each callback came as it was promised.
  void Settle();

  const std::string& endpoint() const { return endpoint_; }
  std::string FreshStore();

 private:
  World();

  /// Those that do not last, which are then nobody's.
  std::vector<std::uint64_t> TakeFresh(Kind kind);

  void Close(interop_sessions_follower follower);
  void VerifyTickets();

  std::mutex lock_;
  std::atomic<bool> is_settling_{false};
  std::atomic<int> calls_within_{0};
  std::array<std::vector<std::uint64_t>, 6> handles_;
  std::vector<Held> sessions_;
  std::vector<Held> lasting_sessions_;
  std::deque<std::unique_ptr<Ticket>> tickets_;
  std::vector<std::uint64_t> lasting_;
  std::string directory_;
  std::string endpoint_;
  unsigned next_store_ = 0;
};

/// Runs the call that an input says, and looks at what came of it.
void Call(Input& input);

/// The same from a callback, once: what it calls may complete at once, and so on.
void CallWithin(Ticket* ticket);

}  // namespace interop::sessions::fuzz
