// A master's process that dies and comes back: nothing acknowledged is lost, nobody expires early.

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "process/master_process.h"
#include "process/witness.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class MasterFaults : public SessionTest {
 protected:
  const std::uint32_t term_ms_ = ScaledMs(2000);
  const std::uint32_t max_term_ms_ = ScaledMs(2000);
};

TEST_F(MasterFaults, A_killed_and_restarted_master_keeps_sessions_and_acknowledged_items) {
  MasterProcess master_there(directory_.File("there.db"), term_ms_, max_term_ms_);
  follower_manager manager_here = ManagerAt(master_there.endpoint());
  WatchedFollower server(manager_here, "server");
  const session held = server.Create();

  std::atomic<bool> stop = false;
  std::vector<int> acknowledged;
  std::thread writer([&] {
    for (int i = 0; !stop; i++) {
      if (server->set_item(held.epoch, "key-" + std::to_string(i % 500),
                           bytes_of(std::to_string(i)), any_revision, 100)) {
        acknowledged.push_back(i);
      }
    }
  });
  for (int round = 0; round < 3; round++) {
    const std::int64_t before_ns = Must(server->current_session()).deadline_ns;
    master_there.Kill();
    master_there.Start();
    EXPECT_TRUE(Eventually([&] {
      return Must(server->current_session()).deadline_ns > before_ns + term_ms_ * 500000LL;
    })) << round;
    EXPECT_EQ(master_there.process().lines.Count(
                  [](const auto& line) { return line.starts_with("ended"); }),
              0U);
  }
  stop = true;
  writer.join();

  EXPECT_EQ(Must(server->current_session()).epoch, held.epoch);
  EXPECT_EQ(Must(server->current_session()).state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_GT(Must(server->current_session()).master_epoch, held.master_epoch);
  EXPECT_GT(acknowledged.size(), 10U);
  // A later write may have been made although its answer was lost: never an older value than the
  // last acknowledged one.
  std::map<std::string, int> least;
  for (const int i : acknowledged) {
    least["key-" + std::to_string(i % 500)] = i;
  }
  for (const auto& [key, value] : least) {
    const auto kept = server->get_item(held.epoch, key);
    ASSERT_TRUE(kept) << key << " " << MessageOf(kept);
    EXPECT_GE(std::stoi(std::string(text_of(kept->value))), value) << key;
  }
}

TEST_F(MasterFaults, A_restarted_master_waits_what_was_promised_before_it_expires_the_silent) {
  const std::uint32_t promised_ms = ScaledMs(1500);
  MasterProcess master_there(directory_.File("there.db"), promised_ms, ScaledMs(60000));
  std::string epoch;
  {
    ChildProcess holder({ProgramBesideThis("lease_holder"), master_there.endpoint(), "server",
                         std::to_string(promised_ms), directory_.File("witness")});
    epoch = holder.Find("state ALIVE ").value();
    master_there.Kill();
  }  // the holder dies as well: nobody renews any more
  master_there.Start();
  const std::int64_t ended_ns = master_there.EndedAtNs("EXPIRED server " + epoch);
  // The leases begin anew when the store was loaded, which is shortly before it is ready.
  EXPECT_GE(ended_ns, master_there.ready_ns() + (promised_ms - ScaledMs(500)) * 1000000LL);
  // And not the longest term that anybody may be promised.
  EXPECT_LT(ended_ns, master_there.ready_ns() + ScaledMs(30000) * 1000000LL);
  Witness witness(directory_.File("witness"));
  EXPECT_LT(witness[0].last_effect_ns, ended_ns);
}

TEST_F(MasterFaults, SIGTERM_is_handled_by_the_host_and_ends_no_session) {
  MasterProcess master_there(directory_.File("there.db"), term_ms_, max_term_ms_);
  follower_manager manager_here = ManagerAt(master_there.endpoint());
  WatchedFollower server(manager_here, "server");
  const session held = server.Create();
  master_there.process().Send(SIGTERM);
  EXPECT_EQ(master_there.process().Wait(), 0);
  EXPECT_TRUE(master_there.process().lines.WaitFor("stopped"));
  master_there.Start();
  EXPECT_TRUE(Eventually(
      [&] { return server->set_item(held.epoch, "key", bytes_of("value")).has_value(); }));
}

TEST_F(MasterFaults, A_store_that_another_process_has_open_is_named) {
  options_.store_path = directory_.File("there.db");
  MasterProcess master_there(options_.store_path, term_ms_, max_term_ms_);
  const auto refused = master::start(library_here(), {.listen_address = "127.0.0.1:0",
                                                      .store_path = options_.store_path,
                                                      .create_store = true,
                                                      .insecure = insecure_peers::loopback});
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_STORE_LOCKED) << MessageOf(refused);
  master_there.Kill();
  StartMaster();  // the dead process holds nothing
}

TEST_F(MasterFaults, A_store_that_may_not_be_written_is_named) {
  constexpr const char* kNobody = "65534";
  StartMaster();
  StopMaster();
  const std::string folder = directory_.path().string();
  ASSERT_EQ(chmod(options_.store_path.c_str(), 0444), 0);
  ASSERT_EQ(chmod(folder.c_str(), 0555), 0);
  std::vector<std::string> command = {ProgramBesideThis("master_host"), "127.0.0.1:0",
                                      options_.store_path, "1000", "1000"};
  if (geteuid() == 0) {
    command.emplace_back(kNobody);
  }
  ChildProcess refused(command);
  const std::string why = refused.Find("refused ").value_or("");
  EXPECT_TRUE(why.starts_with("STORE_READ_ONLY")) << why;
  EXPECT_NE(why.find(options_.store_path), std::string::npos) << why;
  EXPECT_EQ(refused.Wait(), 1);
  ASSERT_EQ(chmod(folder.c_str(), 0755), 0);
}

}  // namespace
}  // namespace interop::sessions::tests
