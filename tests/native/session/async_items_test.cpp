// Items, access points and reports without blocking: one completion for each call however it ends,
// on the callback thread, and none after a close.

#include <atomic>
#include <thread>

#include "support/cut_off_test.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

class AsyncItems : public CutOffTest {
 protected:
  /// Notes how a call ended.
  auto Noting(const std::string& call) {
    return [this, call](const auto& answer) {
      ends_.Add(call + " " + (answer ? "OK" : std::string(answer.error().name)));
    };
  }

  /// Begins one call of each kind.
  std::vector<operation> BeginAll() {
    const std::vector<std::uint64_t> pids{5};
    std::vector<operation> begun;
    begun.push_back(Must(server().set_item(epoch_, "key", bytes_of("value"), any_revision,
                                           PatienceMs(), Noting("set"))));
    begun.push_back(
        Must(server().remove_item(epoch_, "gone", any_revision, PatienceMs(), Noting("remove"))));
    begun.push_back(Must(server().apply_items(
        epoch_, {item_change::set("other", bytes_of("value"))}, PatienceMs(), Noting("apply"))));
    begun.push_back(Must(server().get_item(epoch_, "key", PatienceMs(), Noting("get"))));
    begun.push_back(Must(server().list_items(epoch_, "k", PatienceMs(), Noting("list"))));
    begun.push_back(Must(server().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS,
                                                    "volume", PatienceMs(), Noting("find"))));
    begun.push_back(
        Must(server().release_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume",
                                           std::nullopt, PatienceMs(), Noting("release"))));
    begun.push_back(
        Must(server().report_data(epoch_, {0, 10}, pids, PatienceMs(), Noting("report"))));
    return begun;
  }

  std::vector<std::string> SortedEnds() const {
    std::vector<std::string> ends = ends_.All();
    std::sort(ends.begin(), ends.end());
    return ends;
  }

  bool WaitForEnds(size_t count) {
    return ends_.Wait([](const auto&) { return true; }, count);
  }

  const std::vector<std::string> all_cancelled_ = {
      "apply CANCELLED",   "find CANCELLED",   "get CANCELLED",    "list CANCELLED",
      "release CANCELLED", "remove CANCELLED", "report CANCELLED", "set CANCELLED"};
  Journal ends_;
};

TEST_F(AsyncItems, Answer_as_the_blocking_ones_do) {
  History<result<std::uint64_t>> revisions;
  const operation setting =
      Must(server().set_item(epoch_, "disk/1", bytes_of("healthy"), any_revision, 0,
                             [&](auto answer) { revisions.Add(std::move(answer)); }));
  ASSERT_TRUE(revisions.Wait([](const auto&) { return true; }));

  History<result<item>> items;
  const operation getting = Must(
      server().get_item(epoch_, "disk/1", 0, [&](auto answer) { items.Add(std::move(answer)); }));
  ASSERT_TRUE(items.Wait([](const auto&) { return true; }));
  const item got = Must(items.All()[0]);
  EXPECT_EQ(got.key, "disk/1");
  EXPECT_EQ(text_of(got.value), "healthy");
  EXPECT_EQ(got.revision, Must(revisions.All()[0]));

  History<result<std::vector<item>>> lists;
  const operation listing = Must(
      server().list_items(epoch_, "disk/", 0, [&](auto answer) { lists.Add(std::move(answer)); }));
  ASSERT_TRUE(lists.Wait([](const auto&) { return true; }));
  EXPECT_EQ(Must(lists.All()[0]).size(), 1U);

  History<result<access_point>> access_points;
  const operation finding =
      Must(server().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume", 0,
                                      [&](auto answer) { access_points.Add(std::move(answer)); }));
  ASSERT_TRUE(access_points.Wait([](const auto&) { return true; }));
  EXPECT_EQ(Must(access_points.All()[0]).endpoint, "192.0.2.1:2049");

  const operation removing =
      Must(server().remove_item(epoch_, "disk/1", got.revision, 0, Noting("remove")));
  ASSERT_TRUE(ends_.WaitFor("remove OK"));
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "disk/1")), INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(AsyncItems, Tell_the_masters_refusal_to_the_completion) {
  const operation getting = Must(server().get_item(epoch_, "none", 0, Noting("get")));
  const operation removing =
      Must(server().remove_item(epoch_, "none", any_revision, 0, Noting("remove")));
  const operation setting =
      Must(server().set_item(epoch_, "$x", {}, any_revision, 0, Noting("set")));
  const operation applying =
      Must(server().apply_items(epoch_, {item_change::check("none", 7)}, 0, Noting("apply")));
  ASSERT_TRUE(WaitForEnds(4));
  EXPECT_EQ(SortedEnds(), (std::vector<std::string>{"apply REVISION_MISMATCH", "get ITEM_NOT_FOUND",
                                                    "remove ITEM_NOT_FOUND", "set RESERVED_KEY"}));
}

TEST_F(AsyncItems, Refused_at_once_never_complete) {
  EXPECT_EQ(StatusOf(server().get_item(epoch_ + 1, "key", 0, Noting("get"))),
            INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(server().get_item(epoch_, std::string(300, 'k'), 0, Noting("get"))),
            INTEROP_SESSIONS_TOO_LONG);
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "key", 3600001, Noting("get"))),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  const std::vector<std::uint64_t> outside{50};
  EXPECT_EQ(StatusOf(server().report_data(epoch_, {0, 10}, outside, 0, Noting("report"))),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(StatusOf(server().apply_items(epoch_, {}, 0, Noting("apply"))),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  WatchedFollower idle(manager(), "idle");
  EXPECT_EQ(StatusOf(idle->list_items(epoch_, "", 0, Noting("list"))), INTEROP_SESSIONS_NO_SESSION);
  Must(server().close());
  EXPECT_TRUE(ends_.All().empty());
}

TEST_F(AsyncItems, Complete_on_the_callback_thread) {
  std::optional<bool> inside;
  Latch completed;
  const operation getting = Must(server().get_item(epoch_, "none", 0, [&](const auto&) {
    inside = server().in_callback();
    completed.Open();
  }));
  ASSERT_TRUE(completed.Wait());
  EXPECT_EQ(inside, true);
  EXPECT_FALSE(server().in_callback());
}

TEST_F(AsyncItems, Are_cancelled_at_once_although_nobody_answers) {
  CutOff();
  std::vector<operation> begun = BeginAll();
  for (operation& each : begun) {
    Must(each.cancel());
  }
  ASSERT_TRUE(WaitForEnds(begun.size()));
  EXPECT_EQ(SortedEnds(), all_cancelled_);
}

TEST_F(AsyncItems, Are_cancelled_all_at_once_and_waited_for_one_by_one) {
  CutOff();
  const std::vector<operation> begun = BeginAll();
  EXPECT_EQ(StatusOf(begun.front().wait(ScaledMs(50))), INTEROP_SESSIONS_TIMED_OUT);
  Must(server().cancel_operations());
  for (const operation& each : begun) {
    Must(each.wait());
  }
  EXPECT_EQ(SortedEnds(), all_cancelled_);
}

TEST_F(AsyncItems, Cannot_be_waited_for_in_a_callback_of_their_follower) {
  std::optional<operation> getting;
  Latch begun;
  std::atomic<status> told = INTEROP_SESSIONS_INTERNAL;
  getting.emplace(Must(server().get_item(epoch_, "none", 0, [&](const auto&) {
    begun.Wait();
    told = StatusOf(getting->wait());
  })));
  begun.Open();
  Must(getting->wait());
  EXPECT_EQ(told, INTEROP_SESSIONS_IN_CALLBACK);
}

TEST_F(AsyncItems, That_a_stop_may_end_are_cancelled_with_the_others_though_they_block) {
#ifdef __cpp_lib_jthread
  CutOff();
  const std::stop_source source;
  std::thread blocked([&] {
    EXPECT_EQ(StatusOf(server().get_item(epoch_, "none", {source.get_token(), PatienceMs()})),
              INTEROP_SESSIONS_CANCELLED);
    ends_.Add("returned");
  });
  EXPECT_TRUE(Eventually([&] {
    Must(server().cancel_operations());
    return !ends_.All().empty();
  }));
  blocked.join();
#endif
}

TEST_F(AsyncItems, Are_cancelled_by_the_end_of_their_operation) {
  CutOff();
  const size_t begun = BeginAll().size();
  ASSERT_TRUE(WaitForEnds(begun));
  EXPECT_EQ(SortedEnds(), all_cancelled_);
}

TEST_F(AsyncItems, Are_cancelled_by_a_close_which_waits_for_their_completions) {
  CutOff();
  const std::vector<operation> begun = BeginAll();
  Must(server().close());
  EXPECT_EQ(SortedEnds(), all_cancelled_);
}

TEST_F(AsyncItems, Complete_before_the_closed_callback) {
  CutOff();
  const std::vector<operation> begun = BeginAll();
  Must(server().close([this](const auto&) { ends_.Add("closed"); }));
  ASSERT_TRUE(ends_.WaitFor("closed"));
  EXPECT_EQ(ends_.All().size(), begun.size() + 1);
  EXPECT_EQ(ends_.All().back(), "closed");
}

TEST_F(AsyncItems, Are_cancelled_by_the_close_of_the_manager) {
  CutOff();
  const std::vector<operation> begun = BeginAll();
  Must(manager_->close());
  EXPECT_EQ(SortedEnds(), all_cancelled_);
}

TEST_F(AsyncItems, Time_out_and_complete_once) {
  CutOff();
  const operation getting = Must(server().get_item(epoch_, "key", ScaledMs(300), Noting("get")));
  ASSERT_TRUE(WaitForEnds(1));
  EXPECT_EQ(ends_.All()[0], "get TIMED_OUT");
  Must(server().close());
  EXPECT_EQ(ends_.All().size(), 1U);
}

TEST_F(AsyncItems, Cannot_be_cancelled_once_completed) {
  operation getting = Must(server().get_item(epoch_, "none", 0, Noting("get")));
  ASSERT_TRUE(WaitForEnds(1));
  EXPECT_TRUE(
      Eventually([&] { return StatusOf(getting.cancel()) == INTEROP_SESSIONS_INVALID_HANDLE; }));
  EXPECT_EQ(ends_.All(), (std::vector<std::string>{"get ITEM_NOT_FOUND"}));
}

TEST_F(AsyncItems, Begin_the_next_from_inside_a_completion) {
  operation first = Must(server().set_item(
      epoch_, "key", bytes_of("1"), any_revision, 0, [this](const result<std::uint64_t>& answer) {
        ends_.Add("first " + MessageOf(answer));
        auto next = server().get_item(epoch_, "key", 0, Noting("second"));
        next->detach();
      }));
  ASSERT_TRUE(ends_.WaitFor("second OK"));
  EXPECT_EQ(ends_.All(), (std::vector<std::string>{"first ", "second OK"}));
}

TEST_F(AsyncItems, Free_what_their_completion_holds) {
  const auto held = std::make_shared<int>();
  const operation getting = Must(
      server().get_item(epoch_, "none", 0, [this, held](const auto&) { ends_.Add("completed"); }));
  ASSERT_TRUE(ends_.WaitFor("completed"));
  EXPECT_TRUE(Eventually([&] { return held.use_count() == 1; }));
  EXPECT_EQ(StatusOf(server().get_item(epoch_ + 1, "none", 0, [held](const auto&) {})),
            INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(AsyncItems, A_completion_that_throws_is_told_and_harms_nothing) {
  operation getting = Must(server().get_item(
      epoch_, "none", 0, [](const auto&) { throw std::runtime_error("the host's own defect"); }));
  ASSERT_TRUE(failed_callbacks_.WaitFor("get_item"));
  Must(server().set_item(epoch_, "key", {}));
  failed_callbacks_.Clear();
}

TEST_F(AsyncItems, Are_limited_on_one_follower) {
  Latch blocked;
  Latch release;
  const operation blocking = Must(server().get_item(epoch_, "none", 0, [&](const auto&) {
    blocked.Open();
    release.Wait();
  }));
  // From here on no other completion runs, whichever is answered first.
  ASSERT_TRUE(blocked.Wait());
  constexpr size_t kLimit = 1024;
  for (size_t i = 1; i < kLimit; i++) {
    Must(server().get_item(epoch_, "none", 0, Noting("get"))).detach();
  }
  const auto one_more = server().get_item(epoch_, "none", 0, Noting("get"));
  EXPECT_EQ(StatusOf(one_more), INTEROP_SESSIONS_TOO_MANY_OBJECTS);
  EXPECT_TRUE(Mentions(one_more, "1024")) << MessageOf(one_more);
  release.Open();
  ASSERT_TRUE(WaitForEnds(kLimit - 1));
  Must(server().get_item(epoch_, "none", 0, Noting("get"))).detach();
  EXPECT_TRUE(WaitForEnds(kLimit));
}

/// A lease that no busy machine outlasts.
class AsyncItemsOfALongTerm : public AsyncItems {
 protected:
  AsyncItemsOfALongTerm() { options_.term_ms = options_.max_term_ms = ScaledMs(60000); }
};

TEST_F(AsyncItemsOfALongTerm, One_that_was_waited_for_has_given_its_place_back) {
  CutOff();
  constexpr size_t kLimit = 1024;
  constexpr size_t kRounds = 500;
  const uint32_t long_ms = options_.term_ms;
  std::vector<operation> in_progress;
  while (in_progress.size() < kLimit) {
    in_progress.push_back(Must(server().get_item(epoch_, "none", long_ms, Noting("get"))));
  }
  for (size_t round = 0; round < kRounds; round++) {
    operation& one = in_progress[round];
    Must(one.cancel());
    Must(one.wait());
    auto next = server().get_item(epoch_, "none", long_ms, Noting("get"));
    ASSERT_TRUE(next) << "round " << round << ": " << MessageOf(next);
    one = *std::move(next);
  }
  EXPECT_EQ(ends_.CountOf("get CANCELLED"), kRounds);
}

TEST_F(AsyncItems, Cancelled_while_they_are_answered_complete_exactly_once) {
  constexpr size_t kRounds = 500;
  for (size_t i = 0; i < kRounds; i++) {
    operation getting = Must(server().get_item(epoch_, "none", 0, Noting("get")));
    if (i % 3 == 0) {
      std::this_thread::yield();
    }
    static_cast<void>(getting.cancel());
    getting.detach();
  }
  ASSERT_TRUE(WaitForEnds(kRounds));
  Must(server().close());
  EXPECT_EQ(ends_.All().size(), kRounds);
}

}  // namespace
}  // namespace interop::sessions::tests
