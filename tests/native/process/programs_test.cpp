// The programs metaserver and chunkserver, linked with the library and loading it: they find each
// other, and stop cleanly on SIGTERM.

#include <gtest/gtest.h>

#include <csignal>

#include "support/child_process.h"
#include "support/temporary_directory.h"

namespace interop::sessions::tests {
namespace {

/// How a pair of programs gets the library.
struct Programs {
  const char* name;
  std::vector<std::string> metaserver;
  std::vector<std::string> chunkserver;
};

void PrintTo(const Programs& programs, std::ostream* out) { *out << programs.name; }

class ProgramsTest : public ::testing::TestWithParam<Programs> {
 protected:
  static std::vector<std::string> With(std::vector<std::string> command,
                                       const std::vector<std::string>& arguments) {
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

  static bool Says(const ChildProcess& process, const std::string& words, size_t times = 1) {
    return process.lines.Wait(
        [&](const std::string& line) { return line.find(words) != std::string::npos; }, times);
  }

  /// The port of the line "... ready port=N ...".
  static std::string PortOf(const ChildProcess& metaserver) {
    for (const std::string& line : metaserver.lines.All()) {
      if (const size_t at = line.find("ready port="); at != std::string::npos) {
        return line.substr(at + 11, line.find(' ', at + 11) - at - 11);
      }
    }
    return "";
  }

  TemporaryDirectory directory_;
};

TEST_P(ProgramsTest, Find_each_other_and_stop_on_SIGTERM) {
  ChildProcess metaserver(
      With(GetParam().metaserver, {"--insecure", "loopback", "--store", directory_.File("store.db"),
                                   "--create", "--term-ms", "2000"}));
  ASSERT_TRUE(Says(metaserver, "ready port="));
  ChildProcess chunkserver(With(
      GetParam().chunkserver,
      {"--insecure", "loopback", "--master", "127.0.0.1:" + PortOf(metaserver), "--identity",
       "chunk-1", "--nfs", "192.0.2.1:2049", "--item", "disk=healthy", "--find-nfs", "volume-1"}));
  EXPECT_TRUE(Says(chunkserver, "session created"));
  EXPECT_TRUE(Says(chunkserver, "192.0.2.1:2049"));
  metaserver.Send(SIGUSR1);
  EXPECT_TRUE(Says(metaserver, "sessions listed: 1"));

  chunkserver.Send(SIGTERM);
  EXPECT_EQ(chunkserver.Wait(), 0);
  EXPECT_TRUE(Says(chunkserver, "session lost, CLOSED"));
  EXPECT_TRUE(Says(chunkserver, "chunkserver stopped"));
  metaserver.Send(SIGTERM);
  EXPECT_EQ(metaserver.Wait(), 0);
  EXPECT_TRUE(Says(metaserver, "metaserver stopped"));
}

TEST_P(ProgramsTest, Say_why_they_cannot_start) {
  ChildProcess metaserver(
      With(GetParam().metaserver, {"--insecure", "anywhere", "--store", directory_.File("store.db"),
                                   "--create", "--listen", "192.0.2.1:0"}));
  EXPECT_TRUE(Says(metaserver, "ADDRESS_UNUSABLE"));
  EXPECT_EQ(metaserver.Wait(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Of, ProgramsTest,
    ::testing::Values(Programs{"linked", {METASERVER}, {CHUNKSERVER}},
                      Programs{"loaded",
                               {METASERVER_DLOPEN, "--dlopen", INTEROP_SESSIONS_LIBRARY},
                               {CHUNKSERVER_DLOPEN, "--dlopen", INTEROP_SESSIONS_LIBRARY}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace interop::sessions::tests
