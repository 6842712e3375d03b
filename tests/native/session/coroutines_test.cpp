// The calls of a follower in coroutines: they go on where the executor says, with one answer each.

#include <atomic>
#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/stop.hpp>
#include <interop_sessions/task.hpp>
#include <stdexcept>
#include <thread>

#include "examples/thread_pool.hpp"
#include "support/cut_off_test.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

class Coroutines : public CutOffTest {
 protected:
  void TearDown() override {
    pool_.reset();
    CutOffTest::TearDown();
  }

  auto OnPool() { return pool_->Executor(); }
  auto Calls() { return with_coroutines(server(), OnPool()); }

  /// The answer of one call, made in a coroutine.
  template <class Call>
  static auto Await(Call call) {
    using Answer = decltype(call().operator co_await().await_resume());
    return sync_wait([](Call made) -> task<Answer> { co_return co_await made(); }(call));
  }

  std::optional<examples::ThreadPool> pool_{std::in_place, 2U};
};

task<std::string> WholeLife(follower& server, examples::ThreadPool& pool) {
  const auto calls = with_coroutines(server, pool.Executor());
  // Beside the call: g++ 12 takes no initializer list within a co_await.
  const server_description offered = {
      .capabilities = 3,
      .endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "192.0.2.9:" + std::to_string(2049)}}};
  const result<session> held = co_await calls.create_session(offered);
  if (!held) {
    co_return MessageOf(held);
  }
  const auto revision =
      co_await calls.set_item(held->epoch, "disk/" + std::to_string(1), bytes_of("healthy"));
  if (!revision) {
    co_return MessageOf(revision);
  }
  const auto got = co_await calls.get_item(held->epoch, "disk/1");
  const auto listed = co_await calls.list_items(held->epoch, "disk/");
  const auto found =
      co_await calls.find_access_point(held->epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume");
  const std::vector<item_change> changes = {item_change::check("disk/1", *revision),
                                            item_change::set("disk/2", bytes_of("new"), 0)};
  const auto applied = co_await calls.apply_items(held->epoch, changes);
  const auto removed = co_await calls.remove_item(held->epoch, "disk/1", *revision);
  if (!got || !listed || !found || !applied || !removed) {
    co_return "a call failed";
  }
  const auto released = co_await calls.release_access_point(
      held->epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume", *found);
  if (!released) {
    co_return "a call failed";
  }
  const auto closed = co_await calls.close();
  co_return std::string(text_of(got->value)) + " " + std::to_string(listed->size()) + " " +
      found->endpoint + " " + (closed ? "closed" : MessageOf(closed));
}

TEST_F(Coroutines, Live_the_whole_life_of_a_session) {
  // The one access point of this master shall be the coroutine's.
  server_.reset();
  WatchedFollower other(*manager_, "other");
  EXPECT_EQ(sync_wait(WholeLife(*other, *pool_)), "healthy 1 192.0.2.9:2049 closed");
  EXPECT_EQ(other.CountOf("lost CLOSED"), 1U);
}

TEST_F(Coroutines, Go_on_where_the_executor_says) {
  struct Seen {
    bool in_callback = true;
    std::thread::id thread;
  };
  examples::ThreadPool one(1);
  const auto look = [](follower& server, examples::ThreadPool& pool,
                       std::uint64_t epoch) -> task<Seen> {
    static_cast<void>(co_await with_coroutines(server, pool.Executor()).get_item(epoch, "none"));
    co_return Seen{server.in_callback(), std::this_thread::get_id()};
  };
  std::thread::id thread_of_pool;
  Latch told;
  one.Post([&] {
    thread_of_pool = std::this_thread::get_id();
    told.Open();
  });
  ASSERT_TRUE(told.Wait());
  const Seen seen = sync_wait(look(server(), one, epoch_));
  EXPECT_FALSE(seen.in_callback);
  EXPECT_EQ(seen.thread, thread_of_pool);
}

TEST_F(Coroutines, Go_on_in_the_callback_if_they_want) {
  const auto look = [](follower& server, std::uint64_t epoch) -> task<bool> {
    static_cast<void>(co_await with_coroutines(server, resume_inline{}).get_item(epoch, "none"));
    co_return server.in_callback();
  };
  EXPECT_TRUE(sync_wait(look(server(), epoch_)));
}

TEST_F(Coroutines, Go_on_although_the_executor_throws) {
  const auto unwilling = [](std::coroutine_handle<>) { throw std::runtime_error("full"); };
  const auto calls = with_coroutines(server(), unwilling);
  EXPECT_EQ(StatusOf(Await([&] { return calls.get_item(epoch_, "none"); })),
            INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(Coroutines, Refused_at_once_go_on_without_the_executor) {
  const auto never = [](std::coroutine_handle<>) { ADD_FAILURE() << "resumed"; };
  const auto calls = with_coroutines(server(), never);
  EXPECT_EQ(StatusOf(Await([&] { return calls.get_item(epoch_ + 1, "key"); })),
            INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(Await([&] { return calls.create_session({}); })),
            INTEROP_SESSIONS_SESSION_EXISTS);
  EXPECT_EQ(StatusOf(Await([&] {
              return calls.reattach_session(1, {1, 1});
            })),
            INTEROP_SESSIONS_SESSION_EXISTS);
}

TEST_F(Coroutines, Are_stopped_at_once_by_any_of_several_reasons) {
  CutOff();
  std::stop_source user;
  std::stop_source shutdown;
  const auto ask = [](coroutine_follower<decltype(OnPool())> calls, std::uint64_t epoch,
                      std::stop_token user_stop, std::stop_token shutdown_stop) -> task<status> {
    const joined_stop any(user_stop, shutdown_stop);
    co_return StatusOf(co_await calls.get_item(epoch, "key", {any.token(), PatienceMs()}));
  };
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    shutdown.request_stop();
  });
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(sync_wait(ask(Calls(), epoch_, user.get_token(), shutdown.get_token())),
            INTEROP_SESSIONS_CANCELLED);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(ScaledMs(2000)));
}

TEST_F(Coroutines, Take_all_the_ways_that_a_report_can_end) {
  hooks().on_data_report = [](const data_report_view& report, report_window& next) {
    next.start_pid = report.window.start_pid + report.window.report_size;
    return verdict::accept();
  };
  StopMaster();
  StartMaster();
  const std::vector<std::uint64_t> pids{5};
  ASSERT_TRUE(Eventually([&] {
    return Await([&] { return Calls().report_data(epoch_, {0, 10}, pids); }).has_value();
  }));
  EXPECT_EQ(Must(Await([&] { return Calls().report_data(epoch_, {0, 10}, pids); })).start_pid, 10U);
  EXPECT_EQ(StatusOf(Await([&] {
              return Calls().report_data(epoch_, {10, 10}, pids);
            })),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
}

TEST_F(Coroutines, By_the_hundred_end_and_are_freed) {
  constexpr int kCoroutines = 500;
  const auto held = std::make_shared<std::atomic<int>>(0);
  const auto ask = [](coroutine_follower<decltype(OnPool())> calls, std::uint64_t epoch,
                      std::shared_ptr<std::atomic<int>> ended) -> task<void> {
    for (int i = 0; i < 3; i++) {
      static_cast<void>(co_await calls.get_item(epoch, "none"));
    }
    ++*ended;
  };
  for (int i = 0; i < kCoroutines; i++) {
    start_detached(ask(Calls(), epoch_, held));
  }
  ASSERT_TRUE(Eventually([&] { return *held == kCoroutines; }));
  EXPECT_TRUE(Eventually([&] { return held.use_count() == 1; }));
}

TEST_F(Coroutines, In_progress_end_when_the_follower_is_closed) {
  CutOff();
  History<status> ends;
  const auto ask = [](coroutine_follower<decltype(OnPool())> calls, std::uint64_t epoch,
                      History<status>& told) -> task<void> {
    told.Add(StatusOf(co_await calls.get_item(epoch, "none", PatienceMs())));
  };
  for (int i = 0; i < 10; i++) {
    start_detached(ask(Calls(), epoch_, ends));
  }
  Must(Await([&] { return Calls().close(); }));
  ASSERT_TRUE(ends.Wait([](status end) { return end == INTEROP_SESSIONS_CANCELLED; }, 10));
  EXPECT_EQ(StatusOf(Await([&] { return Calls().close(); })), INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(Coroutines, Stopped_while_they_are_answered_end_exactly_once) {
  constexpr int kRounds = 200;
  History<status> ends;
  const auto ask = [](coroutine_follower<decltype(OnPool())> calls, std::uint64_t epoch,
                      std::stop_token stop, History<status>& told) -> task<void> {
    told.Add(StatusOf(co_await calls.get_item(epoch, "none", {stop, PatienceMs()})));
  };
  for (int i = 0; i < kRounds; i++) {
    std::stop_source user;
    start_detached(ask(Calls(), epoch_, user.get_token(), ends));
    std::this_thread::sleep_for(std::chrono::microseconds(20 * (i % 25)));
    user.request_stop();
  }
  ASSERT_TRUE(ends.Wait([](status) { return true; }, kRounds));
  for (const status end : ends.All()) {
    EXPECT_TRUE(end == INTEROP_SESSIONS_CANCELLED || end == INTEROP_SESSIONS_ITEM_NOT_FOUND) << end;
  }
  EXPECT_EQ(ends.All().size(), static_cast<size_t>(kRounds));
}

task<int> Thrower() {
  throw std::runtime_error("thrown in a task");
  co_return 0;
}

task<int> Sum(int count) {
  int sum = 0;
  for (int i = 1; i <= count; i++) {
    sum += co_await [](int value) -> task<int> { co_return value; }(i);
  }
  co_return sum;
}

TEST(Task, Hands_on_values_without_growing_the_stack) {
  EXPECT_EQ(sync_wait(Sum(100)), 5050);
  sync_wait([]() -> task<void> { co_return; }());
}

TEST(Task, Hands_on_exceptions) {
  EXPECT_THROW(sync_wait(Thrower()), std::runtime_error);
  EXPECT_THROW(sync_wait([]() -> task<void> { static_cast<void>(co_await Thrower()); }()),
               std::runtime_error);
}

TEST(Task, That_never_began_is_freed) {
  const auto held = std::make_shared<int>();
  {
    const auto idle = [](std::shared_ptr<int>) -> task<void> { co_return; }(held);
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace interop::sessions::tests
