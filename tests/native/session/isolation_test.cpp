// A callback or hook that blocks delays nobody's keep-alive.

#include <thread>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

constexpr std::uint32_t kBlockedMs = 5000;

class Isolation : public SessionTest {
 protected:
  void SetUp() override {
    options_.term_ms = ScaledMs(1000);
    hooks().on_session_ended = [this](const session_request& request, end_reason) {
      if (request.identity == "ended") {
        hook_blocks_.Open();
        release_hook_.Wait();
      }
    };
    StartMaster();
  }

  void TearDown() override {
    release_hook_.Open();
    StopMaster();
  }

  /// Asks the lease all the time; answers whether it was valid every time.
  static bool StaysValid(const lease& held, std::uint32_t for_ms) {
    bool always = true;
    const std::int64_t end_ns = interop_sessions_now_ns() + for_ms * 1000000LL;
    while (always && interop_sessions_now_ns() < end_ns) {
      always = held.valid();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return always;
  }

  Latch hook_blocks_;
  Latch release_hook_;
};

TEST_F(Isolation, A_callback_blocked_for_5_s_delays_no_keep_alive) {
  Latch release;
  Latch blocked;
  WatchedFollower stuck(manager(), "stuck", {.state_changed = [&](const session&) {
                          blocked.Open();
                          release.Wait();
                        }});
  operation creating = Must(stuck->create_session({}, PatienceMs(), [](auto&&) {}));
  ASSERT_TRUE(blocked.Wait());
  WatchedFollower other(manager(), "other");
  const session held = other.Create();
  EXPECT_TRUE(StaysValid(other->lease_of(held), kBlockedMs));

  // Nor that of the blocked follower itself.
  EXPECT_TRUE(stuck->lease_of(Must(stuck->current_session())).valid());
  release.Open();
  EXPECT_EQ(other.CountOf("state ALIVE"), 1U);
  EXPECT_EQ(other.CountOf("state SUSPECT") + other.CountOf("state JEOPARDY"), 0U);
  EXPECT_EQ(hooks().CountOf("session_ended EXPIRED", "stuck"), 0U);
}

TEST_F(Isolation, A_hook_that_blocks_delays_no_keep_alive) {
  WatchedFollower ended(manager(), "ended");
  WatchedFollower other(manager(), "other");
  ended.Create();
  const session held = other.Create();
  Must(ended->close());
  ASSERT_TRUE(hook_blocks_.Wait());
  EXPECT_TRUE(StaysValid(other->lease_of(held), 3 * options_.term_ms));
  EXPECT_EQ(other.CountOf("state SUSPECT"), 0U);
  // What needs no hook of that identity goes on as well.
  EXPECT_EQ(StatusOf(other->set_item(held.epoch, "key", bytes_of("value"))), INTEROP_SESSIONS_OK);
}

TEST_F(Isolation, The_close_of_a_blocked_follower_waits_for_its_callback) {
  Latch release;
  Latch blocked;
  WatchedFollower stuck(manager(), "stuck", {.state_changed = [&](const session&) {
                          blocked.Open();
                          release.Wait();
                          journal_.Add("callback ended");
                        }});
  operation creating = Must(stuck->create_session({}, PatienceMs(), [](auto&&) {}));
  ASSERT_TRUE(blocked.Wait());
  std::thread closer([&] {
    Must(stuck->close());
    journal_.Add("closed");
  });
  // The lease goes first: a blocked callback must not keep the data path open.
  const interop_sessions_lease* word = nullptr;
  if (interop_sessions_follower_lease(stuck->handle(), &word, nullptr) == INTEROP_SESSIONS_OK) {
    EXPECT_TRUE(
        Eventually([&] { return __atomic_load_n(&word->deadline_ns, __ATOMIC_ACQUIRE) == 0; }));
  }
  EXPECT_EQ(journal_.CountOf("closed"), 0U);
  release.Open();
  closer.join();
  EXPECT_EQ(journal_.All(), (std::vector<std::string>{"callback ended", "closed"}));
}

}  // namespace
}  // namespace interop::sessions::tests
