// The word pair {epoch, deadline} that a data path reads before every effect.

#include <atomic>
#include <chrono>
#include <thread>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

interop_sessions_lease Word(std::uint64_t epoch, std::int64_t deadline_ns) {
  interop_sessions_lease word = {};
  word.epoch = epoch;
  word.deadline_ns = deadline_ns;
  return word;
}

TEST(LeaseCheck, Is_valid_only_before_its_deadline) {
  const std::int64_t now_ns = interop_sessions_now_ns();
  const interop_sessions_lease future = Word(7, now_ns + 60'000'000'000);
  const interop_sessions_lease past = Word(7, now_ns);
  const interop_sessions_lease none = Word(7, 0);
  EXPECT_TRUE(interop_sessions_lease_valid(&future, 7));
  EXPECT_FALSE(interop_sessions_lease_valid(&past, 7));
  EXPECT_FALSE(interop_sessions_lease_valid(&none, 7));
}

TEST(LeaseCheck, Is_valid_only_for_its_epoch) {
  const interop_sessions_lease word = Word(7, interop_sessions_now_ns() + 60'000'000'000);
  EXPECT_FALSE(interop_sessions_lease_valid(&word, 6));
  EXPECT_FALSE(interop_sessions_lease_valid(&word, 8));
  const interop_sessions_lease zero = Word(0, word.deadline_ns);
  EXPECT_FALSE(interop_sessions_lease_valid(&zero, 0));
}

TEST(LeaseCheck, Of_no_session_is_never_valid) { EXPECT_FALSE(lease().valid()); }

TEST(LeaseRemaining, Is_the_time_until_the_deadline_and_never_less_than_none) {
  const std::int64_t deadline_ns = interop_sessions_now_ns() + 60'000'000'000;
  const interop_sessions_lease future = Word(7, deadline_ns);
  const std::int64_t left_ns = interop_sessions_lease_remaining_ns(&future, 7);
  EXPECT_GE(left_ns, deadline_ns - interop_sessions_now_ns());
  EXPECT_LE(left_ns, 60'000'000'000);
  EXPECT_EQ(interop_sessions_lease_remaining_ns(&future, 6), 0);
  const interop_sessions_lease past = Word(7, deadline_ns - 60'000'000'000);
  EXPECT_EQ(interop_sessions_lease_remaining_ns(&past, 7), 0);
  const interop_sessions_lease zero = Word(0, deadline_ns);
  EXPECT_EQ(interop_sessions_lease_remaining_ns(&zero, 0), 0);
  EXPECT_EQ(lease().remaining().count(), 0);
  EXPECT_GT(lease(&future, 7).remaining(), std::chrono::seconds(0));
}

TEST(LeaseCheck, Ends_by_itself_when_nobody_writes) {
  const std::int64_t deadline_ns = interop_sessions_now_ns() + 20'000'000;
  const interop_sessions_lease word = Word(7, deadline_ns);
  while (interop_sessions_lease_valid(&word, 7)) {
    ASSERT_LT(interop_sessions_now_ns(), deadline_ns + 10'000'000'000);
  }
  EXPECT_GE(interop_sessions_now_ns(), deadline_ns);
}

class LeaseWord : public SessionTestWithMaster {
 protected:
  static const interop_sessions_lease* WordOf(WatchedFollower& server) {
    const interop_sessions_lease* word = nullptr;
    EXPECT_EQ(interop_sessions_follower_lease(server->handle(), &word, nullptr),
              INTEROP_SESSIONS_OK);
    return word;
  }
};

TEST_F(LeaseWord, Is_valid_while_the_session_is_alive_and_for_its_epoch_alone) {
  WatchedFollower server(manager(), "server");
  EXPECT_FALSE(server->lease_of(1).valid());
  const session held = server.Create();
  EXPECT_TRUE(server->lease_of(held).valid());
  EXPECT_FALSE(server->lease_of(held.epoch - 1).valid());
  EXPECT_FALSE(server->lease_of(held.epoch + 1).valid());
}

TEST_F(LeaseWord, Stays_at_its_place_for_the_followers_life) {
  WatchedFollower server(manager(), "server");
  const interop_sessions_lease* const before = WordOf(server);
  const session held = server.Create();
  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
  ASSERT_TRUE(server.WaitFor("lost REVOKED", held.epoch));
  server.Create();
  EXPECT_EQ(WordOf(server), before);
}

TEST_F(LeaseWord, Is_extended_by_renewals) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  const interop_sessions_lease* const word = WordOf(server);
  const std::int64_t first_ns = __atomic_load_n(&word->deadline_ns, __ATOMIC_ACQUIRE);
  EXPECT_TRUE(Eventually([&] {
    return __atomic_load_n(&word->deadline_ns, __ATOMIC_ACQUIRE) > first_ns + 500'000'000;
  }));
  EXPECT_EQ(word->epoch, held.epoch);
}

TEST_F(LeaseWord, Is_valid_with_its_items_after_the_first_term_is_over) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create({.term_ms = ScaledMs(1000)});
  Must(server->set_item(held.epoch, "disk/1", bytes_of("healthy")));
  const std::int64_t first_term_over_ns =
      interop_sessions_now_ns() + held.term_ms * std::int64_t{1'000'000};
  EXPECT_TRUE(Eventually([&] { return interop_sessions_now_ns() > first_term_over_ns; }));
  EXPECT_TRUE(server->lease_of(held).valid());
  EXPECT_EQ(text_of(Must(server->get_item(held.epoch, "disk/1")).value), "healthy");
  EXPECT_EQ(server.CountOf("created"), 1U);
}

TEST_F(LeaseWord, May_be_read_after_its_follower_is_gone_and_says_no) {
  lease kept;
  {
    WatchedFollower server(manager(), "server");
    kept = server->lease_of(server.Create());
    EXPECT_TRUE(kept.valid());
  }
  EXPECT_FALSE(kept.valid());
  WatchedFollower next(manager(), "next");
  next.Create();
  EXPECT_FALSE(kept.valid());
}

TEST_F(LeaseWord, Of_a_closed_follower_stays_dead_though_its_identity_lives_at_another_master) {
  master_options options = options_;
  options.store_path = directory_.File("other.db");
  const master other = Must(master::start(library_here(), options));
  follower_manager others = ManagerAt("127.0.0.1:" + std::to_string(Must(other.port())));
  lease kept;
  std::uint64_t first_epoch = 0;
  {
    WatchedFollower server(manager(), "server");
    const session first = server.Create();
    first_epoch = first.epoch;
    kept = server->lease_of(first);
    EXPECT_TRUE(kept.valid());
  }
  WatchedFollower next(others, "server");
  const session second = next.Create();
  EXPECT_NE(second.epoch, first_epoch);
  EXPECT_TRUE(next->lease_of(second).valid());
  EXPECT_FALSE(kept.valid());
}

TEST_F(LeaseWord, Hammered_by_readers_never_says_yes_after_the_loss) {
  std::atomic<std::uint64_t> current_epoch = 0;
  std::atomic<std::uint64_t> ended_epoch = 0;
  std::atomic<std::uint64_t> yes = 0;
  std::atomic<std::uint64_t> wrong = 0;
  std::atomic<bool> stop = false;
  WatchedFollower server(manager(), "server",
                         {.lost = [&](const session& info) { ended_epoch = info.epoch; }});
  const interop_sessions_lease* const word = WordOf(server);
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; i++) {
    readers.emplace_back([&] {
      while (!stop) {
        const std::uint64_t epoch = current_epoch;
        const bool ended = ended_epoch >= epoch;
        const bool valid = interop_sessions_lease_valid(word, epoch) != 0;
        if (valid) {
          (ended ? wrong : yes)++;
        }
        std::this_thread::yield();
      }
    });
  }
  for (int round = 0; round < 20; round++) {
    const session held = server.Create();
    const std::uint64_t yes_before = yes;
    current_epoch = held.epoch;
    EXPECT_TRUE(Eventually([&] { return yes > yes_before; }));
    Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
    EXPECT_TRUE(server.WaitFor("lost REVOKED", held.epoch));
  }
  stop = true;
  for (std::thread& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace interop::sessions::tests
