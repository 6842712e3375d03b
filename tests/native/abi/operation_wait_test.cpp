// Waiting for an asynchronous call: OK says that nothing of it runs or will run, whatever ended it.

#include <interop_sessions/thread_sanitizer.hpp>

#include <atomic>
#include <thread>

#include "abi/live_objects.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kShortMs = 100;

/// A completion and a release that can be held, and that note when they have returned.
struct Held {
  Latch inside;
  Latch let_go;
  Latch released_inside;
  Latch let_release_go;
  std::atomic<bool> is_over = false;
  std::atomic<interop_sessions_status> status = INTEROP_SESSIONS_INTERNAL;
  interop_sessions_operation operation = {};

  void LetGo() {
    let_go.Open();
    let_release_go.Open();
  }

  static void Complete(void* self, interop_sessions_status status) {
    const detail::callback_scope scope;
    auto& held = *static_cast<Held*>(self);
    held.status = status;
    held.inside.Open();
    held.let_go.Wait();
  }
  static void OnItem(void* self, interop_sessions_status status, const interop_sessions_error*,
                     const interop_sessions_item*) {
    Complete(self, status);
  }
  static void OnSession(void* self, interop_sessions_status status, const interop_sessions_error*,
                        const interop_sessions_session_info*) {
    Complete(self, status);
  }
  static void Release(void* self) {
    const detail::callback_scope scope;
    auto& held = *static_cast<Held*>(self);
    held.released_inside.Open();
    held.let_release_go.Wait();
    held.is_over = true;
  }
};

class OperationWait : public ::testing::Test {
 protected:
  void TearDown() override {
    held_.LetGo();
    const detail::call_scope shared;
    interop_sessions_shutdown(TestLibrary(), 0, nullptr);
    InitializeLibrary();
  }

  void BeginGet(Held& held) {
    const detail::call_scope shared;
    Require(interop_sessions_follower_get_item_async(objects_.follower, objects_.session.epoch,
                                                     Text("none"), nullptr, Held::OnItem, &held,
                                                     Held::Release, &held.operation, &error_),
            error_);
  }

  /// A create that nobody answers.
  void BeginCreateAtNobody(Held& held) {
    const detail::call_scope shared;
    nobody_ = ManagerOf(TestLibrary(), "127.0.0.1:1");
    lonely_ = FollowerOf(nobody_, "lonely");
    const auto description = Sized<interop_sessions_server_description>();
    Require(interop_sessions_follower_create_session_async(lonely_, &description, Within(600000),
                                                           Held::OnSession, &held, Held::Release,
                                                           &held.operation, &error_),
            error_);
  }

  static interop_sessions_status Wait(const Held& held, uint32_t timeout_ms = PatienceMs(),
                                      interop_sessions_error* error = nullptr) {
    const detail::call_scope shared;
    return interop_sessions_operation_wait(held.operation, timeout_ms, error);
  }

  /// Waits on a thread of its own, and finds that nothing of the call runs.
  static std::thread StartWaiting(const Held& held) {
    return std::thread([&held] {
      EXPECT_EQ(Wait(held), INTEROP_SESSIONS_OK);
      EXPECT_TRUE(held.is_over) << "it returned while the call went on";
    });
  }

  /// While a call waits that is not answered, `end` ends it and the wait.
  template <class End>
  void ExpectEndOfWaitBy(End end) {
    held_.LetGo();
    BeginCreateAtNobody(held_);
    EXPECT_EQ(Wait(held_, kShortMs), INTEROP_SESSIONS_TIMED_OUT);
    std::thread waiting = StartWaiting(held_);
    const detail::call_scope shared;
    EXPECT_EQ(end(), INTEROP_SESSIONS_OK) << error_.message;
    waiting.join();
    EXPECT_EQ(held_.status, INTEROP_SESSIONS_CANCELLED);
  }

  LiveObjects objects_;
  interop_sessions_follower_manager nobody_ = {};
  interop_sessions_follower lonely_ = {};
  Held held_;
  Error error_;
};

TEST_F(OperationWait, Returns_when_the_completion_and_the_release_have_returned) {
  BeginGet(held_);
  ASSERT_TRUE(held_.inside.Wait());
  EXPECT_EQ(Wait(held_, kShortMs), INTEROP_SESSIONS_TIMED_OUT);
  std::thread first = StartWaiting(held_);
  std::thread second = StartWaiting(held_);
  held_.let_go.Open();
  ASSERT_TRUE(held_.released_inside.Wait());
  EXPECT_EQ(Wait(held_, kShortMs), INTEROP_SESSIONS_TIMED_OUT);
  held_.let_release_go.Open();
  first.join();
  second.join();
}

TEST_F(OperationWait, That_times_out_leaves_nothing_open_and_changes_nothing) {
  BeginGet(held_);
  ASSERT_TRUE(held_.inside.Wait());
  EXPECT_EQ(Wait(held_, kShortMs, &error_), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_EQ(error_.flags, static_cast<uint32_t>(INTEROP_SESSIONS_ERROR_PASSING));
  EXPECT_TRUE(error_.Mentions("100 ms")) << error_.message;
  held_.LetGo();
  EXPECT_EQ(Wait(held_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(held_.status, INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(OperationWait, For_a_call_that_is_over_answers_OK_also_when_its_follower_is_closed) {
  held_.LetGo();
  BeginGet(held_);
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(Wait(held_, 0, &error_), INTEROP_SESSIONS_OK) << error_.message;
  }
  EXPECT_EQ(interop_sessions_follower_close(objects_.follower, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(Wait(held_, 0, &error_), INTEROP_SESSIONS_OK) << error_.message;
  EXPECT_EQ(interop_sessions_operation_cancel(held_.operation, nullptr),
            INTEROP_SESSIONS_INVALID_HANDLE);

  // One that was never given out is none, and neither is a registration that is over.
  held_.operation.value += 1ULL << 40;
  EXPECT_EQ(Wait(held_), INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(interop_sessions_unregister_session_create_cb(objects_.registration, 0, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_operation_wait({objects_.registration.value}, 0, nullptr),
            INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(OperationWait, Is_ended_by_a_close_of_the_follower) {
  ExpectEndOfWaitBy([&] { return interop_sessions_follower_close(lonely_, 0, &error_); });
}

TEST_F(OperationWait, Is_ended_by_a_close_of_the_manager) {
  ExpectEndOfWaitBy([&] { return interop_sessions_follower_manager_close(nobody_, 0, &error_); });
}

TEST_F(OperationWait, Is_ended_by_a_shutdown) {
  ExpectEndOfWaitBy([&] { return interop_sessions_shutdown(TestLibrary(), 0, &error_); });
  EXPECT_EQ(Wait(held_), INTEROP_SESSIONS_OK) << "whether anybody uses the library or not";
}

TEST_F(OperationWait, Is_ended_when_the_calls_of_the_follower_are_cancelled) {
  ExpectEndOfWaitBy([&] { return interop_sessions_follower_cancel_operations(lonely_, &error_); });
}

TEST_F(OperationWait, Goes_on_while_a_close_without_blocking_has_taken_the_handle_of_the_follower) {
  BeginGet(held_);
  ASSERT_TRUE(held_.inside.Wait());
  Require(interop_sessions_follower_close_async(
              objects_.follower, [](void*) {}, nullptr, nullptr, &error_),
          error_);
  EXPECT_EQ(Wait(held_, kShortMs), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_EQ(interop_sessions_operation_cancel(held_.operation, &error_), INTEROP_SESSIONS_OK);
  std::thread waiting = StartWaiting(held_);
  held_.LetGo();
  waiting.join();
}

/// A completion that waits for another call of its follower, and for one of another follower.
struct Asking {
  interop_sessions_operation own = {};
  interop_sessions_operation other = {};
  interop_sessions_status of_own = INTEROP_SESSIONS_INTERNAL;
  interop_sessions_status of_other = INTEROP_SESSIONS_INTERNAL;
  Latch inside;
  Latch ready;
  Latch done;

  static void OnItem(void* self, interop_sessions_status, const interop_sessions_error*,
                     const interop_sessions_item*) {
    const detail::callback_scope scope;
    auto& asking = *static_cast<Asking*>(self);
    asking.inside.Open();
    asking.ready.Wait();
    const detail::call_scope shared;
    asking.of_own = interop_sessions_operation_wait(asking.own, PatienceMs(), nullptr);
    asking.of_other = interop_sessions_operation_wait(asking.other, PatienceMs(), nullptr);
    asking.done.Open();
  }
};

TEST_F(OperationWait, In_a_callback_of_the_follower_is_refused_and_in_one_of_another_it_waits) {
  held_.LetGo();
  Held behind;
  behind.LetGo();
  Asking asking;
  interop_sessions_operation operation = {};
  {
    const detail::call_scope shared;
    Require(interop_sessions_follower_get_item_async(objects_.follower, objects_.session.epoch,
                                                     Text("none"), nullptr, Asking::OnItem, &asking,
                                                     nullptr, &operation, &error_),
            error_);
  }
  // From here on no other completion runs, whichever is answered first.
  ASSERT_TRUE(asking.inside.Wait());
  BeginGet(behind);
  asking.own = behind.operation;
  BeginCreateAtNobody(held_);
  asking.other = held_.operation;
  const detail::call_scope shared;
  Require(interop_sessions_operation_cancel(held_.operation, &error_), error_);
  asking.ready.Open();
  ASSERT_TRUE(asking.done.Wait());
  EXPECT_EQ(asking.of_own, INTEROP_SESSIONS_IN_CALLBACK);
  EXPECT_EQ(asking.of_other, INTEROP_SESSIONS_OK);
  EXPECT_EQ(Wait(behind), INTEROP_SESSIONS_OK);
  EXPECT_TRUE(behind.is_over);
  EXPECT_EQ(interop_sessions_operation_wait(operation, PatienceMs(), &error_), INTEROP_SESSIONS_OK);
}

/// The completion of a revocation that waits for itself.
struct Revoking {
  interop_sessions_operation operation = {};
  std::atomic<interop_sessions_status> of_itself = INTEROP_SESSIONS_INTERNAL;
  Latch begun;

  static void Complete(void* self, interop_sessions_status, const interop_sessions_error*) {
    const detail::callback_scope scope;
    auto& revoking = *static_cast<Revoking*>(self);
    revoking.begun.Wait();
    revoking.of_itself = Wait(revoking);
  }
  static interop_sessions_status Wait(const Revoking& revoking) {
    const detail::call_scope shared;
    return interop_sessions_operation_wait(revoking.operation, PatienceMs(), nullptr);
  }
};

TEST_F(OperationWait, For_a_call_of_a_master_is_refused_in_its_completion) {
  Revoking revoking;
  {
    const detail::call_scope shared;
    Require(interop_sessions_master_revoke_session_async(
                objects_.master, objects_.session.session_id, objects_.session.epoch, Text("test"),
                nullptr, Revoking::Complete, &revoking, nullptr, &revoking.operation, &error_),
            error_);
  }
  revoking.begun.Open();
  EXPECT_EQ(Revoking::Wait(revoking), INTEROP_SESSIONS_OK);
  EXPECT_EQ(revoking.of_itself, INTEROP_SESSIONS_IN_CALLBACK);
  EXPECT_EQ(interop_sessions_master_stop(objects_.master, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(Revoking::Wait(revoking), INTEROP_SESSIONS_OK);
}

TEST_F(OperationWait, Never_misses_an_end) {
  constexpr int kRounds = 500;
  for (int i = 0; i < kRounds; i++) {
    Held held;
    held.LetGo();
    BeginGet(held);
    if (i % 3 == 0) {
      interop_sessions_follower_cancel_operations(objects_.follower, nullptr);
    }
    ASSERT_EQ(Wait(held, 0, &error_), INTEROP_SESSIONS_OK) << error_.message;
    ASSERT_TRUE(held.is_over);
  }
}

TEST_F(OperationWait, Cancelling_all_calls_of_a_follower_cancels_none_of_another) {
  BeginGet(held_);
  ASSERT_TRUE(held_.inside.Wait());
  Held other;
  other.LetGo();
  BeginCreateAtNobody(other);
  EXPECT_EQ(interop_sessions_follower_cancel_operations(objects_.follower, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(Wait(other, kShortMs), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_EQ(interop_sessions_follower_cancel_operations(lonely_, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(Wait(other), INTEROP_SESSIONS_OK);
  EXPECT_EQ(other.status, INTEROP_SESSIONS_CANCELLED);
}

}  // namespace
}  // namespace interop::sessions::tests
