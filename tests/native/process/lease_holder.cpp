// A server whose data path does nothing but ask its lease, as fast as a test can bear, and note the
// last yes. It gets a new session whenever it lost one. Ends at SIGTERM by its own handler.
//
//   lease_holder <endpoint>[,<endpoint>...] <identity> <term_ms> <witness file> [witness file of a process before]
//
// With the last, it first tries to take up the session of that process.

#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <interop_sessions/interop_sessions.hpp>

#include "process/witness.h"
#include "support/must.h"
#include "support/time_scale.h"

namespace interop::sessions::tests {
namespace {

std::atomic<bool> g_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// A pause of this length between two looks at the clock is no scheduling delay.
constexpr std::int64_t kPauseNs = 400'000'000;

std::vector<std::string> EndpointsOf(const std::string& text) {
  std::vector<std::string> endpoints;
  std::istringstream rest(text);
  for (std::string endpoint; std::getline(rest, endpoint, ',');) {
    endpoints.push_back(endpoint);
  }
  return endpoints;
}

void Print(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

class Server {
 public:
  Server(follower_manager& manager, const char* identity, std::uint32_t term_ms,
         const char* witness)
      : term_ms_(term_ms),
        witness_(witness),
        follower_(Must(manager.create_follower(
            identity, {.session_created = [this](const session& info) { return Created(info); },
                       .session_lost = [this](const session& info) { Lost(info); },
                       .state_changed =
                           [](const session& info) {
                             Print("state " + to_string(info.state) + " " +
                                   std::to_string(info.epoch));
                           }}))) {}

  void TakeUp(Witness& former) {
    const Witness::Kept& kept = former.kept();
    const auto taken = follower_.reattach_session(
        kept.session_id, {kept.secret_low, kept.secret_high}, ScaledMs(30000));
    Print(taken ? "taken up " + std::to_string(taken->epoch) : "not taken up " + MessageOf(taken));
    if (!taken) {
      Create();
    }
  }

  void Serve() {
    std::int64_t last_look_ns = interop_sessions_now_ns();
    while (!g_stop) {
      const std::int64_t look_ns = interop_sessions_now_ns();
      const std::size_t ordinal = sessions_;
      const std::uint64_t epoch = ordinal == 0 ? 0 : witness_[ordinal - 1].epoch.load();
      const bool valid = follower_.lease_of(epoch).valid();
      if (valid) {
        witness_[ordinal - 1].last_effect_ns = look_ns;
      }
      if (look_ns - last_look_ns > kPauseNs) {
        Print(std::string("paused, then ") + (valid ? "served" : "refused"));
      }
      last_look_ns = look_ns;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Must(follower_.close());
  }

  void Create() {
    auto creating = follower_.create_session({.term_ms = term_ms_}, ScaledMs(30000),
                                             [](const result<session>& answer) {
                                               if (!answer) {
                                                 Print("not created " + MessageOf(answer));
                                               }
                                             });
    if (creating) {
      creating->detach();
    }
  }

 private:
  bool Created(const session& info) {
    witness_.kept().session_id = info.session_id;
    witness_.kept().secret_low = info.secret.low;
    witness_.kept().secret_high = info.secret.high;
    witness_[sessions_].epoch = info.epoch;
    sessions_++;
    Print("created " + std::to_string(info.epoch));
    return true;
  }

  void Lost(const session& info) {
    Print("lost " + to_string(info.end_reason) + " " + std::to_string(info.epoch));
    if (!g_stop) {
      Create();
    }
  }

  const std::uint32_t term_ms_;
  Witness witness_;
  std::atomic<std::size_t> sessions_ = 0;
  follower follower_;
};

int Main(char** arguments, const char* former) {
  std::signal(SIGTERM, [](int) { g_stop = true; });
  const library library_here = Must(library::initialize());
  follower_manager manager =
      Must(follower_manager::create(library_here, {.endpoints = EndpointsOf(arguments[1]),
                                                   .insecure = insecure_peers::anywhere}));
  Server server(manager, arguments[2], static_cast<std::uint32_t>(std::atoi(arguments[3])),
                arguments[4]);
  if (former == nullptr) {
    server.Create();
  } else {
    Witness witness(former);
    server.TakeUp(witness);
  }
  server.Serve();
  Print("stopped");
  return 0;
}

}  // namespace
}  // namespace interop::sessions::tests

int main(int argc, char** argv) {
  return argc == 5 || argc == 6
             ? interop::sessions::tests::Main(argv, argc == 6 ? argv[5] : nullptr)
             : 2;
}
