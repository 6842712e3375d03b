// Stopping: whatever can stop a call ends it at once, and leaves nothing behind.

#include <chrono>
#include <functional>
#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/futures.hpp>
#include <interop_sessions/stop.hpp>
#include <interop_sessions/task.hpp>
#include <stop_token>
#include <thread>

#include "support/cut_off_test.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

/// Far less than the time-outs of the calls below, and far more than a cancellation takes.
std::chrono::milliseconds PromptMs() { return std::chrono::milliseconds(ScaledMs(2000)); }

class Stop : public CutOffTest {
 protected:
  using Call = std::function<status(const std::stop_token&)>;

  /// All blocking forms that a stop ends, but the creates.
  std::vector<std::pair<std::string, Call>> Calls() {
    static const std::vector<std::uint64_t> pids{5};
    const auto patience = PatienceMs();
    return {
        {"set_item",
         [=, this](const auto& stop) {
           return StatusOf(
               server().set_item(epoch_, "key", bytes_of("v"), any_revision, {stop, patience}));
         }},
        {"remove_item",
         [=, this](const auto& stop) {
           return StatusOf(server().remove_item(epoch_, "key", any_revision, {stop, patience}));
         }},
        {"apply_items",
         [=, this](const auto& stop) {
           return StatusOf(
               server().apply_items(epoch_, {item_change::set("key", {})}, {stop, patience}));
         }},
        {"get_item",
         [=, this](const auto& stop) {
           return StatusOf(server().get_item(epoch_, "key", {stop, patience}));
         }},
        {"list_items",
         [=, this](const auto& stop) {
           return StatusOf(server().list_items(epoch_, "", {stop, patience}));
         }},
        {"find_access_point",
         [=, this](const auto& stop) {
           return StatusOf(server().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS,
                                                      "volume", {stop, patience}));
         }},
        {"release_access_point",
         [=, this](const auto& stop) {
           return StatusOf(server().release_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS,
                                                         "volume", std::nullopt, {stop, patience}));
         }},
        {"report_data",
         [=, this](const auto& stop) {
           return StatusOf(server().report_data(epoch_, {0, 10}, pids, {stop, patience}));
         }},
    };
  }

  /// Begins a call on a thread of its own, and stops it once `arrived`.
  static void ExpectPromptEnd(const Call& call, const std::stop_token& stop,
                              const std::function<void()>& arrived,
                              const std::function<void()>& request_stop) {
    Latch returned;
    status ended = INTEROP_SESSIONS_OK;
    std::jthread caller([&] {
      ended = call(stop);
      returned.Open();
    });
    arrived();
    const auto asked = std::chrono::steady_clock::now();
    request_stop();
    ASSERT_TRUE(returned.Wait());
    EXPECT_LT(std::chrono::steady_clock::now() - asked, PromptMs());
    EXPECT_EQ(ended, INTEROP_SESSIONS_CANCELLED);
  }
};

TEST_F(Stop, Ends_every_blocking_call_at_once_although_nobody_answers) {
  CutOff();
  for (const auto& [name, call] : Calls()) {
    SCOPED_TRACE(name);
    std::stop_source user;
    // Time for the call to get on its way. The end is the same if it does not.
    const auto begin = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
    ExpectPromptEnd(call, user.get_token(), begin, [&] { user.request_stop(); });
  }
}

TEST_F(Stop, Ends_a_call_that_has_reached_the_master) {
  network_->Set(TcpProxy::Traffic::kAnswersHeld);
  std::stop_source user;
  const std::uint64_t session_id = RowOf("server")->info.session_id;
  ExpectPromptEnd(
      [this](const auto& stop) {
        return StatusOf(
            server().set_item(epoch_, "seen", bytes_of("v"), any_revision, {stop, PatienceMs()}));
      },
      user.get_token(),
      [&] {
        // What a stopped call asked for may have been done, and here it has.
        ASSERT_TRUE(Eventually(
            [&] { return !Must(master_here().list_items(session_id, "seen")).empty(); }));
      },
      [&] { user.request_stop(); });
}

TEST_F(Stop, Requested_before_the_call_means_that_nothing_is_sent) {
  std::stop_source user;
  user.request_stop();
  for (const auto& [name, call] : Calls()) {
    EXPECT_EQ(call(user.get_token()), INTEROP_SESSIONS_CANCELLED) << name;
  }
  EXPECT_TRUE(Must(server().list_items(epoch_)).empty());
}

TEST_F(Stop, Without_a_request_changes_nothing) {
  const std::stop_source user;
  Must(server().set_item(epoch_, "key", bytes_of("value"), any_revision, user.get_token()));
  EXPECT_EQ(text_of(Must(server().get_item(epoch_, "key", user.get_token())).value), "value");
  EXPECT_EQ(Must(server().list_items(epoch_, "", std::stop_token())).size(), 1U);
  Must(
      server().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "v", user.get_token()));
  Must(server().remove_item(epoch_, "key", any_revision, user.get_token()));
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "key", user.get_token())),
            INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(Stop, Is_refused_to_a_callback_that_would_wait_for_itself) {
  const std::stop_source user;
  Journal told;
  const operation getting = Must(server().get_item(epoch_, "none", 0, [&](const auto&) {
    told.Add(std::string(server().get_item(epoch_, "none", user.get_token()).error().name));
  }));
  EXPECT_TRUE(told.WaitFor("IN_CALLBACK"));
}

TEST_F(Stop, A_time_out_of_the_call_still_ends_it) {
  CutOff();
  const std::stop_source user;
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "key", {user.get_token(), ScaledMs(300)})),
            INTEROP_SESSIONS_TIMED_OUT);
}

TEST_F(Stop, Any_of_several_sources_ends_one_call) {
  CutOff();
  for (const int who : {0, 1, 2}) {
    SCOPED_TRACE(who);
    std::stop_source user;
    std::stop_source shutdown;
    const timed_stop deadline(who == 2 ? std::chrono::milliseconds(ScaledMs(50))
                                       : std::chrono::hours(1));
    const joined_stop any(user.get_token(), shutdown.get_token(), deadline.token());
    ExpectPromptEnd(
        [this](const auto& stop) {
          return StatusOf(server().get_item(epoch_, "key", {stop, PatienceMs()}));
        },
        any.token(), [] {},
        [&] {
          if (who == 0) {
            user.request_stop();
          } else if (who == 1) {
            shutdown.request_stop();
          }
        });
    EXPECT_EQ(user.stop_requested(), who == 0);
    EXPECT_EQ(shutdown.stop_requested(), who == 1);
  }
}

TEST_F(Stop, Ends_asynchronous_calls_too) {
  CutOff();
  std::stop_source user;
  Journal ends;
  for (int i = 0; i < 10; i++) {
    Must(server().get_item(epoch_, "key", {user.get_token(), PatienceMs()},
                           [&](const auto& answer) { ends.Add(std::string(answer.error().name)); }))
        .detach();
  }
  user.request_stop();
  EXPECT_TRUE(ends.WaitFor("CANCELLED", 10));
  Must(server().close());
  EXPECT_EQ(ends.All().size(), 10U);
}

TEST_F(Stop, Leaves_nothing_at_a_token_that_lives_longer) {
  std::stop_source shutdown;
  const auto held = std::make_shared<int>();
  const auto uses_of_library = library_here().shared_state().use_count();
  for (int i = 0; i < 100; i++) {
    const joined_stop any(shutdown.get_token(), std::stop_token());
    Must(server().set_item(epoch_, "key", {}, any_revision, any.token()));
    Must(server().get_item(epoch_, "key", shutdown.get_token(), [held](const auto&) {})).detach();
  }
  EXPECT_TRUE(Eventually([&] { return held.use_count() == 1; }));
  // Each callback at a token would hold the library.
  EXPECT_TRUE(
      Eventually([&] { return library_here().shared_state().use_count() == uses_of_library; }));
  server_.reset();
  shutdown.request_stop();
}

TEST_F(Stop, While_it_is_answered_ends_each_call_exactly_once) {
  constexpr size_t kRounds = 300;
  Journal ends;
  for (size_t i = 0; i < kRounds; i++) {
    std::stop_source user;
    std::jthread stopper([user, i]() mutable {
      std::this_thread::sleep_for(std::chrono::microseconds(20 * (i % 25)));
      user.request_stop();
    });
    auto begun =
        server().get_item(epoch_, "none", {user.get_token(), PatienceMs()},
                          [&](const auto& answer) { ends.Add(std::string(answer.error().name)); });
    if (begun) {
      begun->detach();
    } else {
      // The stop was first, so nothing was sent and nothing will complete.
      ends.Add(std::string(begun.error().name));
    }
  }
  ASSERT_TRUE(ends.Wait([](const auto&) { return true; }, kRounds));
  Must(server().close());
  EXPECT_EQ(ends.All().size(), kRounds);
  EXPECT_EQ(ends.CountOf("CANCELLED") + ends.CountOf("ITEM_NOT_FOUND"), kRounds);
}

class StopCreate : public SessionTest {};

TEST_F(StopCreate, Ends_a_create_and_gives_back_what_was_granted) {
  const auto release = std::make_shared<Latch>();
  hooks().on_session_created = [=](const auto&, auto&) {
    release->Wait();
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  std::stop_source user;
  std::jthread creator([&] {
    EXPECT_EQ(StatusOf(server->create_session({}, {user.get_token(), PatienceMs()})),
              INTEROP_SESSIONS_CANCELLED);
  });
  const bool reached = hooks().WaitFor("session_created", "server");
  user.request_stop();
  creator.join();
  release->Open();
  EXPECT_TRUE(reached);
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(StopCreate, Requested_before_the_call_means_that_nothing_is_sent_in_any_form) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  std::stop_source user;
  user.request_stop();
  const std::stop_token stop = user.get_token();
  const auto completed = [](const result<session>&) { ADD_FAILURE() << "completed"; };
  EXPECT_EQ(StatusOf(server->create_session({}, stop)), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(server->create_session({}, stop, completed)), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(server->create_session({}, stop, as_future).get()),
            INTEROP_SESSIONS_CANCELLED);
  const auto in_coroutine = [](follower& owned, std::stop_token ended) -> task<status> {
    co_return StatusOf(co_await owned.create_session({}, ended, resume_on(resume_inline{})));
  };
  EXPECT_EQ(sync_wait(in_coroutine(*server, stop)), INTEROP_SESSIONS_CANCELLED);
  Must(server->close());
  EXPECT_EQ(hooks().CountOf("session_initialize", "server"), 0U);
}

TEST_F(StopCreate, Ends_a_re_attach) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  std::stop_source user;
  user.request_stop();
  EXPECT_EQ(StatusOf(server->reattach_session(1, {1, 1}, user.get_token())),
            INTEROP_SESSIONS_CANCELLED);
  // And without a stop it is the master that says why not.
  EXPECT_EQ(StatusOf(server->reattach_session(1, {1, 1}, std::stop_source().get_token())),
            INTEROP_SESSIONS_UNKNOWN_SESSION);
}

TEST(JoinedStop, Follows_its_tokens_as_long_as_it_lives) {
  std::stop_source first;
  std::stop_source second;
  std::optional<joined_stop> any(std::in_place, first.get_token(), second.get_token());
  joined_stop moved(std::move(*any));
  any.reset();
  const std::stop_token token = moved.token();
  EXPECT_FALSE(token.stop_requested());
  second.request_stop();
  EXPECT_TRUE(token.stop_requested());
  EXPECT_FALSE(first.stop_requested());
}

TEST(JoinedStop, Of_one_that_has_stopped_has_stopped) {
  std::stop_source first;
  first.request_stop();
  EXPECT_TRUE(joined_stop(std::stop_token(), first.get_token()).request_stop() == false);
  const joined_stop any(std::stop_token(), first.get_token());
  EXPECT_TRUE(any.token().stop_requested());
}

TEST(JoinedStop, Follows_nobody_when_it_is_gone) {
  std::stop_source first;
  std::stop_token token;
  {
    const joined_stop any(first.get_token());
    token = any.token();
  }
  first.request_stop();
  EXPECT_FALSE(token.stop_requested());
}

TEST(JoinedStop, Stops_by_itself_and_leaves_its_tokens_alone) {
  std::stop_source first;
  joined_stop any(first.get_token());
  any.request_stop();
  EXPECT_TRUE(any.token().stop_requested());
  EXPECT_FALSE(first.stop_requested());
}

TEST(TimedStop, Stops_when_its_time_is_over_and_not_before) {
  const auto begun = std::chrono::steady_clock::now();
  const timed_stop soon(std::chrono::milliseconds(20));
  ASSERT_TRUE(Eventually([&] { return soon.token().stop_requested(); }));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(20));
}

TEST(TimedStop, Destroyed_before_does_not_stop_and_does_not_wait) {
  std::stop_token token;
  const auto begun = std::chrono::steady_clock::now();
  {
    const timed_stop late(std::chrono::hours(1));
    token = late.token();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::minutes(1));
  EXPECT_FALSE(token.stop_requested());
}

}  // namespace
}  // namespace interop::sessions::tests
