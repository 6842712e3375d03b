// A host of the master that tells what its hooks hear. Ends at SIGTERM by its own handler.
//
//   master_host <listen address> <store path> <term_ms> <max_term_ms> [<user id>]
//
// With a user id it gives up root first, for what root is never refused. With MASTER_HOST_HINT in its
// environment it never leads, and names that as the leader.

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <interop_sessions/interop_sessions.hpp>

#include "support/must.h"

namespace interop::sessions::tests {
namespace {

volatile std::sig_atomic_t g_stop = 0;

class TellingAccessManager : public access_manager {
 public:
  leadership check_leader() override {
    const char* const hint = std::getenv("MASTER_HOST_HINT");
    return hint == nullptr ? leadership{} : leadership{.leads = false, .hint = hint};
  }

  void session_ended(const session_request& request, end_reason reason) override {
    std::printf("ended %s %s %llu at %lld\n", to_string(reason).c_str(), request.identity.c_str(),
                static_cast<unsigned long long>(request.epoch),
                static_cast<long long>(interop_sessions_now_ns()));
    std::fflush(stdout);
  }
};

int Main(int count, char** arguments) {
  struct sigaction action = {};
  action.sa_handler = [](int) { g_stop = 1; };
  sigaction(SIGTERM, &action, nullptr);
  if (count == 6 && seteuid(static_cast<uid_t>(std::atoi(arguments[5]))) != 0) {
    return 3;
  }
  const library library_here = Must(library::initialize());
  auto started = master::start(library_here,
                               {.listen_address = arguments[1],
                                .store_path = arguments[2],
                                .term_ms = static_cast<std::uint32_t>(std::atoi(arguments[3])),
                                .min_term_ms = 200,
                                .max_term_ms = static_cast<std::uint32_t>(std::atoi(arguments[4])),
                                .create_store = true,
                                .insecure = insecure_peers::anywhere},
                               std::make_shared<TellingAccessManager>());
  if (!started) {
    std::printf("refused %s\n", MessageOf(started).c_str());
    // A sanitizer looks at the whole process when it ends, which nobody may.
    return seteuid(getuid()) == 0 ? 1 : 3;
  }
  std::printf("ready %u at %lld\n", unsigned{Must(started->port())},
              static_cast<long long>(interop_sessions_now_ns()));
  std::fflush(stdout);
  while (g_stop == 0) {
    poll(nullptr, 0, 20);
  }
  Must(started->stop());
  std::printf("stopped\n");
  return 0;
}

}  // namespace
}  // namespace interop::sessions::tests

int main(int argc, char** argv) {
  return argc == 5 || argc == 6 ? interop::sessions::tests::Main(argc, argv) : 2;
}
