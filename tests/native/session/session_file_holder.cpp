// A server that keeps its session in a file, until it is killed.
//
//   session_file_holder <endpoint> <identity> <file> [recreate | die_when_told]
//
// Says "file <what>" of the file, "told <epoch>" in session_created, and at last how it got its session.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include <interop_sessions/interop_sessions.hpp>
#include <interop_sessions/session_file.hpp>

#include "support/must.h"
#include "support/time_scale.h"

namespace interop::sessions::tests {
namespace {

void Print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void Hold(const std::string& endpoint, const std::string& identity, const std::string& file,
          std::string_view how) {
  const library here = Must(library::initialize());
  follower_manager manager = Must(follower_manager::create(
      here, {.endpoints = {endpoint}, .insecure = insecure_peers::loopback}));
  const session_file kept(file, identity,
                          [](const error& failed) { Print("file " + failed.message); });
  const follower server = Must(manager.create_follower(
      identity,
      kept.callbacks({.session_created =
                          [how](const session& created) {
                            if (how == "die_when_told") {
                              std::raise(SIGKILL);
                            }
                            Print("told " + std::to_string(created.epoch));
                            return true;
                          }}),
      how == "recreate" ? INTEROP_SESSIONS_RECREATE_AFTER_LOSS : INTEROP_SESSIONS_RECREATE_NEVER));
  const auto held = kept.reattach_or_create(server, {}, ScaledMs(30000));
  Print(held ? (held->reattached ? "reattached " : "created ") + std::to_string(held->session.epoch)
             : "none " + MessageOf(held));
  for (;;) {
    ::pause();
  }
}

}  // namespace
}  // namespace interop::sessions::tests

int main(int, char** arguments) {
  interop::sessions::tests::Hold(arguments[1], arguments[2], arguments[3],
                                 arguments[4] != nullptr ? arguments[4] : "");
}
