// A server's processes that follow each other keep one session by a file, whenever one of them is killed.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <interop_sessions/session_file.hpp>
#include <iterator>

#include "support/child_process.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class SessionFile : public SessionTestWithMaster {
 protected:
  SessionFile() { options_.term_ms = ScaledMs(1500); }

  std::string path() const { return directory_.File("session"); }

  std::unique_ptr<ChildProcess> Start(const std::string& how = {}) {
    std::vector<std::string> command{ProgramBesideThis("session_file_holder"), endpoint(), "server",
                                     path()};
    if (!how.empty()) {
      command.push_back(how);
    }
    return std::make_unique<ChildProcess>(command);
  }

  /// The epoch of a process that was killed as soon as it had a session.
  std::string CreateAndDie() {
    const auto first = Start();
    const std::string epoch = first->Find("created ").value();
    first->Kill();
    return epoch;
  }

  std::string Content() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void Write(const std::string& content) const { std::ofstream(path()) << content; }

  /// The file is not used and told of; the next process waits for the term, and makes a good one.
  void ExpectNotUsed(const std::string& what) {
    const auto next = Start();
    EXPECT_TRUE(next->Find("file ").value_or("").find(what) != std::string::npos) << what;
    const std::string epoch = next->Find("created ").value_or("none");
    next->Kill();
    ExpectTakenUp(epoch);
  }

  void ExpectTakenUp(const std::string& epoch) {
    const auto next = Start();
    EXPECT_EQ(next->Find("reattached ").value_or("not"), epoch);
    next->Kill();
  }
};

TEST_F(SessionFile, Is_taken_up_by_one_process_after_the_other) {
  const std::string epoch = CreateAndDie();

  ExpectTakenUp(epoch);
  ExpectTakenUp(epoch);  // by the secret that the re-attach brought

  struct stat is = {};
  ASSERT_EQ(::lstat(path().c_str(), &is), 0);
  EXPECT_EQ(is.st_mode, static_cast<mode_t>(S_IFREG | S_IRUSR | S_IWUSR));
  EXPECT_FALSE(std::filesystem::exists(path() + ".new"));
}

TEST_F(SessionFile, Has_the_next_secret_before_the_host_is_told_of_the_session) {
  const std::string epoch = CreateAndDie();
  const std::string used = Content();
  const auto killed = Start("die_when_told");
  EXPECT_EQ(killed->Wait(), 128 + SIGKILL);
  EXPECT_NE(Content(), used);

  ExpectTakenUp(epoch);
}

TEST_F(SessionFile, Of_a_process_that_died_before_it_saved_makes_the_next_one_create) {
  const std::string epoch = CreateAndDie();
  const std::string used = Content();
  ExpectTakenUp(epoch);
  Write(used);
  std::ofstream(path() + ".new") << "half a li";

  const auto next = Start();

  EXPECT_GT(std::stoull(next->Find("created ").value_or("0")), std::stoull(epoch));
}

TEST_F(SessionFile, That_is_cut_off_is_told_and_not_used) {
  CreateAndDie();
  Write(Content().substr(0, Content().size() - 4));

  ExpectNotUsed("not a whole session file of server");
}

TEST_F(SessionFile, Of_another_identity_is_told_and_not_used) {
  CreateAndDie();
  std::string content = Content();
  Write(content.replace(content.find("of server"), 9, "of others"));

  ExpectNotUsed("not a whole session file of server");
}

TEST_F(SessionFile, That_others_may_read_is_told_and_not_used) {
  CreateAndDie();
  ASSERT_EQ(::chmod(path().c_str(), 0640), 0);

  ExpectNotUsed("nobody else may read or write");
}

TEST_F(SessionFile, Of_another_user_is_told_and_not_used) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  CreateAndDie();
  ASSERT_EQ(::chown(path().c_str(), 65534, 65534), 0);

  ExpectNotUsed("must be a file of this user");
}

TEST_F(SessionFile, That_is_a_link_is_not_followed_and_not_written_through) {
  CreateAndDie();
  const std::string elsewhere = directory_.File("elsewhere");
  std::filesystem::rename(path(), elsewhere);
  std::filesystem::create_symlink(elsewhere, path());
  const std::string content = Content();

  ExpectNotUsed("cannot be opened");

  EXPECT_FALSE(std::filesystem::is_symlink(path()));
  std::ifstream file(elsewhere);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
}

TEST_F(SessionFile, Keeps_a_session_that_was_created_again_after_a_loss) {
  const auto first = Start("recreate");
  const std::string lost = first->Find("created ").value();
  Must(master_here().revoke_session(RowOf("server").value().info.session_id, std::stoull(lost),
                                    "test"));
  ASSERT_TRUE(Eventually([&] { return first->lines.All().back() != "created " + lost; }));
  const std::string again = first->lines.All().back();
  first->Kill();

  EXPECT_NE(again, "told " + lost);
  ExpectTakenUp(again.substr(again.find(' ') + 1));
}

TEST_F(SessionFile, Is_not_used_while_the_process_before_still_lives) {
  const auto first = Start();
  const std::string epoch = first->Find("created ").value();

  const auto second = Start();
  ASSERT_TRUE(second->Find("file ").value_or("").find("another process") != std::string::npos);
  EXPECT_EQ(std::to_string(RowOf("server").value().info.epoch), epoch);
  first->Kill();

  EXPECT_GT(std::stoull(second->Find("created ").value_or("0")), std::stoull(epoch));
}

TEST_F(SessionFile, That_cannot_be_written_does_not_cost_the_session) {
  History<std::string> told;
  std::filesystem::create_directories(path() + ".new/in_the_way");
  const session_file kept(path(), "server", [&](const error& failed) { told.Add(failed.message); });
  const follower server = Must(manager().create_follower("server", kept.callbacks()));

  const auto held = Must(kept.reattach_or_create(server, {}, PatienceMs()));

  EXPECT_FALSE(held.reattached);
  EXPECT_TRUE(server.lease_of(held.session).valid());
  EXPECT_EQ(StatusOf(kept.saved()), INTEROP_SESSIONS_STORE_FAILED);
  EXPECT_TRUE(Mentions(kept.saved(), "session: cannot be written"));
  EXPECT_FALSE(told.All().empty());
}

}  // namespace
}  // namespace interop::sessions::tests
