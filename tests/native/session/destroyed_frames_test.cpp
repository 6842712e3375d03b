// Coroutines that are destroyed while they wait, as frameworks do that cancel in that way: nothing of them is touched afterwards.

#include <coroutine>
#include <deque>
#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/task.hpp>
#include <mutex>

#include "support/cut_off_test.h"

namespace interop::sessions::tests {
namespace {

/// An event loop that the test turns by hand.
class Loop {
 public:
  auto Executor() {
    return [this](std::coroutine_handle<> ready) {
      const std::lock_guard hold(lock_);
      ready_.push_back(ready);
    };
  }

  std::size_t Waiting() {
    const std::lock_guard hold(lock_);
    return ready_.size();
  }

  void RunAll() {
    std::deque<std::coroutine_handle<>> taken;
    {
      const std::lock_guard hold(lock_);
      taken.swap(ready_);
    }
    for (const auto& each : taken) {
      each();
    }
  }

 private:
  std::mutex lock_;
  std::deque<std::coroutine_handle<>> ready_;
};

/// Begins at once and is destroyed with its owner, wherever it stands.
struct Begun {
  struct promise_type {
    std::coroutine_handle<promise_type> get_return_object() {
      return std::coroutine_handle<promise_type>::from_promise(*this);
    }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };

  // Implicit: clang 14 copies what get_return_object gives, unless it is made of another type.
  Begun(std::coroutine_handle<promise_type> made) : frame(made) {}
  Begun(const Begun&) = delete;
  Begun& operator=(const Begun&) = delete;
  ~Begun() { frame.destroy(); }

  std::coroutine_handle<promise_type> frame;
};

class DestroyedFrames : public CutOffTest {
 protected:
  using Executor = decltype(std::declval<Loop&>().Executor());

  static Begun Ask(coroutine_follower<Executor> calls, std::uint64_t epoch, Journal& told) {
    told.Add(std::string((co_await calls.get_item(epoch, "none", PatienceMs())).error().name));
  }

  static Begun Listen(event_stream<Executor> events, Journal& told) {
    const auto next = co_await events.next();
    told.Add(next ? "event" : std::string(next.error().name));
  }

  Loop loop_;
  Journal told_;
};

TEST_F(DestroyedFrames, Cancel_their_call_and_are_not_resumed) {
  CutOff();
  { const Begun asking = Ask(with_coroutines(server(), loop_.Executor()), epoch_, told_); }
  // The cancelled call completes all the same, and what it hands to the executor does nothing.
  ASSERT_TRUE(Eventually([&] { return loop_.Waiting() == 1; }));
  loop_.RunAll();
  EXPECT_TRUE(told_.All().empty());
}

TEST_F(DestroyedFrames, With_their_answer_at_the_executor_are_not_resumed) {
  {
    const Begun asking = Ask(with_coroutines(server(), loop_.Executor()), epoch_, told_);
    ASSERT_TRUE(Eventually([&] { return loop_.Waiting() == 1; }));
  }
  loop_.RunAll();
  EXPECT_TRUE(told_.All().empty());
}

TEST_F(DestroyedFrames, Left_alone_go_on_once) {
  const Begun asking = Ask(with_coroutines(server(), loop_.Executor()), epoch_, told_);
  ASSERT_TRUE(Eventually([&] { return loop_.Waiting() == 1; }));
  loop_.RunAll();
  EXPECT_EQ(told_.All(), (std::vector<std::string>{"ITEM_NOT_FOUND"}));
}

TEST_F(DestroyedFrames, That_waited_for_an_event_leave_it_to_the_next) {
  const event_queue events;
  const follower_callbacks callbacks = events.callbacks();
  { const Begun listening = Listen(with_coroutines(events, loop_.Executor()), told_); }
  callbacks.state_changed({});
  EXPECT_EQ(loop_.Waiting(), 0U);
  const auto next = events.try_next();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(Must(*next).kind, event_kind::state_changed);
}

TEST_F(DestroyedFrames, By_the_hundred_leave_nothing_behind) {
  for (int i = 0; i < 200; i++) {
    const Begun asking = Ask(with_coroutines(server(), loop_.Executor()), epoch_, told_);
    if (i % 2 == 0) {
      std::this_thread::yield();
    }
  }
  Must(server().close());
  loop_.RunAll();
  EXPECT_TRUE(told_.All().empty());
}

template <class T>
concept awaited_twice = requires(T call) {
  call.operator co_await();
};

TEST(Awaitables, Are_awaited_where_they_are_made_since_they_hold_views) {
  using Made =
      decltype(with_coroutines(std::declval<follower&>(), resume_inline{}).get_item(1, ""));
  static_assert(!awaited_twice<Made>);
  static_assert(requires(Made made) { std::move(made).operator co_await(); });
}

}  // namespace
}  // namespace interop::sessions::tests
