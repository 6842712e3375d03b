// A holder's process that dies or stands still: the master ends its session not before the term, and
// the holder has stopped by then.

#include <csignal>

#include "process/witness.h"
#include "support/child_process.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class HolderFaults : public SessionTestWithMaster {
 protected:
  HolderFaults() { options_.term_ms = ScaledMs(1500); }

  /// With `former`, the witness of a process before it, it takes that one's session up.
  std::unique_ptr<ChildProcess> StartHolder(const std::string& witness,
                                            const std::string& former = {}) {
    std::vector<std::string> command{ProgramBesideThis("lease_holder"), endpoint(), "server",
                                     std::to_string(options_.term_ms), directory_.File(witness)};
    if (!former.empty()) {
      command.push_back(directory_.File(former));
    }
    return std::make_unique<ChildProcess>(command);
  }

  /// The epoch of a holder's first session, once it serves.
  std::uint64_t ServedEpoch(ChildProcess& holder, Witness& witness) {
    const std::string epoch = holder.Find("state ALIVE ").value();
    EXPECT_TRUE(Eventually([&] { return witness[0].last_effect_ns != 0; }));
    return std::stoull(epoch);
  }

  /// Watches D_m until the session is gone; the last that was seen.
  std::int64_t LastDeadlineNs() {
    std::int64_t last_ns = 0;
    EXPECT_TRUE(Eventually([&] {
      const auto row = RowOf("server");
      last_ns = row ? row->info.deadline_ns : last_ns;
      return !row;
    }));
    return last_ns;
  }

  HookCall Expired() {
    EXPECT_TRUE(hooks().WaitFor("session_ended EXPIRED", "server"));
    return hooks().CallsOf("session_ended EXPIRED", "server").at(0);
  }
};

TEST_F(HolderFaults, A_killed_holder_expires_not_before_its_term_and_soon_after) {
  Witness witness(directory_.File("witness"));
  const auto holder = StartHolder("witness");
  const std::uint64_t epoch = ServedEpoch(*holder, witness);
  holder->Kill();
  const std::int64_t killed_ns = interop_sessions_now_ns();
  const std::int64_t deadline_ns = LastDeadlineNs();
  const HookCall expired = Expired();
  EXPECT_EQ(expired.request.epoch, epoch);
  EXPECT_GE(expired.at_ns, deadline_ns);
  EXPECT_LT(expired.at_ns, deadline_ns + ScaledMs(1000) * 1000000LL);
  EXPECT_LT(witness[0].last_effect_ns, killed_ns);
  EXPECT_LT(witness[0].last_effect_ns, expired.at_ns);
}

TEST_F(HolderFaults, A_process_that_is_restarted_within_the_term_takes_its_session_up) {
  Witness first(directory_.File("first"));
  Witness second(directory_.File("second"));
  const auto killed = StartHolder("first");
  const std::uint64_t epoch = ServedEpoch(*killed, first);
  killed->Kill();

  const auto restarted = StartHolder("second", "first");

  EXPECT_EQ(restarted->Find("taken up ").value(), std::to_string(epoch));
  EXPECT_EQ(ServedEpoch(*restarted, second), epoch);
  const std::int64_t two_terms_later_ns = interop_sessions_now_ns() + 2000000LL * options_.term_ms;
  EXPECT_TRUE(Eventually([&] { return second[0].last_effect_ns > two_terms_later_ns; }));
  EXPECT_EQ(RowOf("server")->info.epoch, epoch);
  EXPECT_TRUE(hooks().CallsOf("session_ended EXPIRED", "server").empty());
}

TEST_F(HolderFaults, A_process_that_is_restarted_too_late_gets_another_session) {
  Witness first(directory_.File("first"));
  Witness second(directory_.File("second"));
  const auto killed = StartHolder("first");
  const std::uint64_t epoch = ServedEpoch(*killed, first);
  killed->Kill();
  EXPECT_EQ(Expired().request.epoch, epoch);

  const auto restarted = StartHolder("second", "first");

  EXPECT_TRUE(restarted->Find("not taken up ").has_value());
  EXPECT_GT(ServedEpoch(*restarted, second), epoch);
}

TEST_F(HolderFaults, A_new_process_of_the_same_identity_waits_for_the_end_of_the_old_lease) {
  Witness first(directory_.File("first"));
  Witness second(directory_.File("second"));
  const auto old_holder = StartHolder("first");
  const std::uint64_t epoch = ServedEpoch(*old_holder, first);
  old_holder->Kill();
  const auto new_holder = StartHolder("second");
  EXPECT_GT(ServedEpoch(*new_holder, second), epoch);
  const HookCall expired = Expired();
  EXPECT_EQ(expired.request.epoch, epoch);
  EXPECT_GT(second[0].last_effect_ns, expired.at_ns);
}

TEST_F(HolderFaults, A_holder_stopped_beyond_its_term_serves_nothing_when_it_wakes) {
  Witness witness(directory_.File("witness"));
  const auto holder = StartHolder("witness");
  const std::uint64_t epoch = ServedEpoch(*holder, witness);
  holder->Send(SIGSTOP);
  const HookCall expired = Expired();
  holder->Send(SIGCONT);
  EXPECT_TRUE(holder->lines.WaitFor("paused, then refused"));
  const std::string lost = "lost EXPIRED " + std::to_string(epoch);
  ASSERT_TRUE(holder->lines.WaitFor(lost));
  const auto is_created = [](const std::string& line) { return line.starts_with("created "); };
  ASSERT_TRUE(holder->lines.Wait(is_created, 2));

  EXPECT_LT(witness[0].last_effect_ns, expired.at_ns);
  const std::vector<std::string> told = holder->lines.All();
  const auto lost_at = std::find(told.begin(), told.end(), lost);
  const auto created_at = std::find_if(told.begin() + 1, told.end(), is_created);
  EXPECT_EQ(told[0], "created " + std::to_string(epoch));
  EXPECT_LT(lost_at - told.begin(), created_at - told.begin());
  EXPECT_GT(std::stoull(created_at->substr(8)), epoch);
  EXPECT_EQ(holder->lines.CountOf(lost), 1U);
}

TEST_F(HolderFaults, A_holder_stopped_for_less_than_its_term_keeps_its_session) {
  Witness witness(directory_.File("witness"));
  const auto holder = StartHolder("witness");
  const std::uint64_t epoch = ServedEpoch(*holder, witness);
  const std::int64_t deadline_ns = RowOf("server")->info.deadline_ns;
  holder->Send(SIGSTOP);
  // A pause of more than one renewal interval, seen on the master's side of the clock.
  const std::int64_t until_ns = deadline_ns - options_.term_ms * 1000000LL / 2;
  EXPECT_TRUE(Eventually([&] { return interop_sessions_now_ns() >= until_ns; }));
  holder->Send(SIGCONT);
  EXPECT_TRUE(Eventually([&] {
    const auto row = RowOf("server");
    return row && row->info.deadline_ns > deadline_ns + options_.term_ms * 1000000LL;
  }));
  EXPECT_EQ(RowOf("server")->info.epoch, epoch);
  EXPECT_EQ(holder->lines.Count([](const auto& line) { return line.starts_with("lost"); }), 0U);
}

TEST_F(HolderFaults, SIGTERM_is_handled_by_the_host_which_closes_its_session) {
  Witness witness(directory_.File("witness"));
  const auto holder = StartHolder("witness");
  const std::uint64_t epoch = ServedEpoch(*holder, witness);
  holder->Send(SIGTERM);
  EXPECT_EQ(holder->Wait(), 0);
  EXPECT_TRUE(holder->lines.WaitFor("lost CLOSED " + std::to_string(epoch)));
  EXPECT_TRUE(holder->lines.WaitFor("stopped"));
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_LT(witness[0].last_effect_ns, hooks().CallsOf("session_ended CLOSED", "server")[0].at_ns);
}

}  // namespace
}  // namespace interop::sessions::tests
