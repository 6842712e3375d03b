// io_gate: no effect without a lease, and none left behind a close.

#include <array>
#include <atomic>
#include <future>
#include <thread>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

using std::chrono::milliseconds;

/// A lease as the library would write it.
struct Lease {
  explicit Lease(std::uint64_t epoch, std::int64_t valid_for_ns = INT64_C(3'600'000'000'000)) {
    word.epoch = epoch;
    word.deadline_ns = interop_sessions_now_ns() + valid_for_ns;
  }

  lease view() const { return {&word, word.epoch}; }

  interop_sessions_lease word = {};
};

bool Begins(io_gate& gate) {
  const auto effect = gate.begin();
  return static_cast<bool>(effect);
}

TEST(IoGate, Begins_an_effect_only_while_it_is_open_and_the_lease_valid) {
  Lease held(7);
  io_gate gate;
  EXPECT_FALSE(Begins(gate));
  gate.open(held.view());
  {
    const auto effect = gate.begin();
    EXPECT_TRUE(effect);
    EXPECT_EQ(effect.epoch(), 7U);
  }
  held.word.deadline_ns = interop_sessions_now_ns();
  EXPECT_FALSE(Begins(gate));
  held.word.deadline_ns += INT64_C(3'600'000'000'000);
  EXPECT_TRUE(Begins(gate));
  gate.close();
  EXPECT_FALSE(Begins(gate));
}

TEST(IoGate, A_close_waits_for_the_effects_that_run) {
  const Lease held(1);
  io_gate gate;
  gate.open(held.view());
  auto first = gate.begin();
  auto second = gate.begin();
  EXPECT_FALSE(gate.close(milliseconds(1)));
  EXPECT_FALSE(Begins(gate));
  std::atomic<bool> ended = false;
  auto closed = std::async(std::launch::async, [&] {
    gate.close();
    return ended.load();
  });
  first = {};
  EXPECT_FALSE(gate.close(milliseconds(1)));
  ended = true;
  second = {};
  EXPECT_TRUE(closed.get());
}

TEST(IoGate, A_moved_effect_is_one_effect) {
  const Lease held(1);
  io_gate gate;
  gate.open(held.view());
  auto begun = gate.begin();
  auto moved = std::move(begun);
  EXPECT_TRUE(moved);
  EXPECT_FALSE(gate.close(milliseconds(0)));
  moved = {};
  EXPECT_TRUE(gate.close(milliseconds(0)));
}

/// The epoch is not atomic on purpose: nobody may read it while it is written.
TEST(IoGate, No_effect_of_a_session_runs_beside_one_of_the_next) {
  constexpr std::uint64_t kSessions = 20;
  io_gate gate;
  std::uint64_t current = 0;
  std::atomic<bool> over = false;
  std::atomic<std::uint64_t> ran = 0;
  std::array<std::thread, 16> workers;
  for (std::thread& worker : workers) {
    worker = std::thread([&] {
      while (!over) {
        if (const auto effect = gate.begin()) {
          EXPECT_EQ(effect.epoch(), current);
          ran++;
        }
      }
    });
  }
  for (std::uint64_t epoch = 1; epoch <= kSessions; epoch++) {
    const Lease held(epoch);
    current = epoch;
    const std::uint64_t before = ran;
    gate.open(held.view());
    EXPECT_TRUE(Eventually([&] { return ran > before; }));
    gate.close();
  }
  over = true;
  for (std::thread& worker : workers) {
    worker.join();
  }
}

class IoGateOfASession : public SessionTestWithMaster {};

TEST_F(IoGateOfASession, Lets_nothing_begin_once_the_session_is_closed) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  io_gate gate;
  gate.open(server->lease_of(held));
  EXPECT_TRUE(Begins(gate));
  ASSERT_TRUE(server->close());
  EXPECT_FALSE(Begins(gate));
}

}  // namespace
}  // namespace interop::sessions::tests
