// A follower's callbacks as a queue: in order, each event once, an end when the follower is closed.

#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/events.hpp>
#include <interop_sessions/stop.hpp>
#include <interop_sessions/task.hpp>
#include <thread>

#include "examples/thread_pool.hpp"
#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

std::string WordsFor(const event& told) {
  switch (told.kind) {
    case event_kind::created:
      return "created";
    case event_kind::state_changed:
      return to_string(told.session.state);
    case event_kind::lost:
      return "lost " + to_string(told.session.end_reason);
  }
  return "no event";
}

class Events : public SessionTestWithMaster {
 protected:
  follower MakeFollower(const event_queue& events, follower_callbacks own = {},
                        recreate_policy recreate = {}) {
    return Must(manager().create_follower("server", events.callbacks(std::move(own)), recreate));
  }

  static session Create(follower& server) { return Must(server.create_session({}, PatienceMs())); }

  /// The next event without waiting for ever.
  static result<event> Next(const event_queue& events) {
    const timed_stop patience{std::chrono::milliseconds(PatienceMs())};
    return events.next(patience.token());
  }

  static std::vector<std::string> Take(const event_queue& events, size_t count) {
    std::vector<std::string> names;
    for (size_t i = 0; i < count; i++) {
      names.push_back(WordsFor(Must(Next(events))));
    }
    return names;
  }
};

TEST_F(Events, Tell_the_life_of_a_session_in_order_and_then_end) {
  const event_queue events;
  follower server = MakeFollower(events);
  const session held = Create(server);
  const event created = Must(Next(events));
  EXPECT_EQ(WordsFor(created), "created");
  EXPECT_EQ(created.session.epoch, held.epoch);
  EXPECT_EQ(Take(events, 1), (std::vector<std::string>{"ALIVE"}));
  Must(server.close());
  EXPECT_EQ(Take(events, 1), (std::vector<std::string>{"lost CLOSED"}));
  EXPECT_EQ(StatusOf(Next(events)), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(Next(events)), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Events, Tell_the_loss_before_the_next_session) {
  const event_queue events;
  follower server = MakeFollower(events, {}, INTEROP_SESSIONS_RECREATE_AFTER_LOSS);
  const session first = Create(server);
  Must(master_here().revoke_session(first.session_id, first.epoch, "test"));
  EXPECT_EQ(Take(events, 5),
            (std::vector<std::string>{"created", "ALIVE", "lost REVOKED", "created", "ALIVE"}));
}

TEST_F(Events, Come_after_the_hosts_own_callbacks) {
  const event_queue events;
  Journal own;
  follower server =
      MakeFollower(events, {.session_created =
                                [&](const session&) {
                                  own.Add("own created");
                                  EXPECT_FALSE(events.try_next());
                                  return true;
                                },
                            .session_lost = [&](const session&) { own.Add("own lost"); },
                            .state_changed = [&](const session&) { own.Add("own state"); }});
  Create(server);
  Must(server.close());
  EXPECT_EQ(own.All(), (std::vector<std::string>{"own created", "own state", "own lost"}));
  EXPECT_EQ(Take(events, 3), (std::vector<std::string>{"created", "ALIVE", "lost CLOSED"}));
}

TEST_F(Events, Of_a_session_that_the_host_refuses_are_only_its_loss) {
  const event_queue events;
  follower server = MakeFollower(events, {.session_created = [](const session&) { return false; }});
  EXPECT_EQ(StatusOf(server.create_session({}, PatienceMs())), INTEROP_SESSIONS_REFUSED_BY_HOST);
  EXPECT_EQ(Take(events, 1), (std::vector<std::string>{"lost CLOSED"}));
}

TEST_F(Events, Are_awaited_by_a_coroutine) {
  examples::ThreadPool pool(1);
  const event_queue events;
  Journal told;
  const auto listen = [](event_stream<decltype(pool.Executor())> stream,
                         Journal& journal) -> task<void> {
    while (const auto next = co_await stream.next()) {
      journal.Add(WordsFor(*next));
    }
    journal.Add("end");
  };
  start_detached(listen(with_coroutines(events, pool.Executor()), told));
  {
    follower server = MakeFollower(events);
    Create(server);
    ASSERT_TRUE(told.WaitFor("ALIVE"));
  }
  ASSERT_TRUE(told.WaitFor("end"));
  EXPECT_EQ(told.All(), (std::vector<std::string>{"created", "ALIVE", "lost CLOSED", "end"}));
}

TEST_F(Events, Are_not_awaited_any_more_after_a_stop) {
  examples::ThreadPool pool(1);
  const event_queue events;
  follower server = MakeFollower(events);
  std::stop_source user;
  Journal told;
  const auto listen = [](event_stream<decltype(pool.Executor())> stream, std::stop_token stop,
                         Journal& journal) -> task<void> {
    const auto next = co_await stream.next(stop);
    journal.Add(next ? WordsFor(*next) : std::string(next.error().name));
    const auto again = co_await stream.next(stop);
    journal.Add(again ? WordsFor(*again) : "again " + std::string(again.error().name));
  };
  start_detached(listen(with_coroutines(events, pool.Executor()), user.get_token(), told));
  user.request_stop();
  ASSERT_TRUE(told.WaitFor("again CANCELLED"));
  EXPECT_EQ(told.All(), (std::vector<std::string>{"CANCELLED", "again CANCELLED"}));
  // A stop took nothing out of the queue.
  Create(server);
  EXPECT_EQ(Take(events, 2), (std::vector<std::string>{"created", "ALIVE"}));
}

TEST_F(Events, Wait_until_a_stop_for_those_without_coroutines) {
  const event_queue events;
  const follower server = MakeFollower(events);
  std::stop_source user;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    user.request_stop();
  });
  EXPECT_EQ(StatusOf(events.next(user.get_token())), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(events.next(user.get_token())), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Events, Come_as_futures) {
  const event_queue events;
  follower server = MakeFollower(events);
  auto first = events.next({}, as_future);
  Create(server);
  ASSERT_EQ(first.wait_for(std::chrono::milliseconds(PatienceMs())), std::future_status::ready);
  EXPECT_EQ(WordsFor(Must(first.get())), "created");
  EXPECT_EQ(WordsFor(Must(events.next({}, as_future).get())), "ALIVE");
}

TEST_F(Events, Have_one_receiver_at_a_time) {
  const event_queue events;
  const follower server = MakeFollower(events);
  std::stop_source user;
  auto first = events.next(user.get_token(), as_future);
  EXPECT_EQ(StatusOf(events.next({}, as_future).get()), INTEROP_SESSIONS_INVALID_ARGUMENT);
  user.request_stop();
  EXPECT_EQ(StatusOf(first.get()), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Events, That_do_not_fit_are_counted) {
  const event_queue events(2);
  {
    follower server = MakeFollower(events);
    Create(server);
  }
  const event oldest = Must(Next(events));
  EXPECT_EQ(WordsFor(oldest), "ALIVE");
  EXPECT_EQ(oldest.missed, 1U);
  const event last = Must(Next(events));
  EXPECT_EQ(WordsFor(last), "lost CLOSED");
  EXPECT_EQ(last.missed, 0U);
}

TEST_F(Events, End_for_a_follower_that_could_not_be_made) {
  const event_queue events;
  EXPECT_EQ(StatusOf(manager().create_follower("", events.callbacks())),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(StatusOf(Next(events)), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Events, Leave_nothing_at_a_token_that_lives_longer) {
  std::stop_source shutdown;
  const auto held = std::make_shared<int>();
  {
    const event_queue events;
    follower server = MakeFollower(events);
    Must(events.next(shutdown.get_token(), [held](const auto&) {}));
    Create(server);
    EXPECT_TRUE(Eventually([&] { return held.use_count() == 1; }));
    Must(Next(events));
    Must(events.next(shutdown.get_token(), [held](const auto&) {}));
  }
  EXPECT_TRUE(Eventually([&] { return held.use_count() == 1; }));
  shutdown.request_stop();
}

TEST_F(Events, Stopped_while_one_comes_are_told_exactly_once) {
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; i++) {
    const event_queue events;
    std::optional<follower_callbacks> callbacks = events.callbacks();
    std::stop_source user;
    std::atomic<int> told = 0;
    Must(events.next(user.get_token(), [&](const auto&) { ++told; }));
    std::jthread stopper([&] { user.request_stop(); });
    callbacks->state_changed({});
    stopper.join();
    callbacks.reset();
    EXPECT_EQ(told, 1);
  }
}

}  // namespace
}  // namespace interop::sessions::tests
