// Calls on a stack that is not the thread's, as hosts with fibres make them, while collections look at all stacks.

#include <sys/mman.h>
#include <ucontext.h>

#include <atomic>
#include <functional>
#include <thread>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// Below its stack is a page that nobody may touch: what needs more ends the process.
class Fibre {
 public:
  Fibre(size_t stack_bytes, std::function<void()> body)
      : bytes_(stack_bytes), body_(std::move(body)) {
    memory_ = mmap(nullptr, kGuardBytes + bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory_, MAP_FAILED);
    stack_ = static_cast<char*>(memory_) + kGuardBytes;
    EXPECT_EQ(mprotect(stack_, bytes_, PROT_READ | PROT_WRITE), 0);
  }
  ~Fibre() { munmap(memory_, kGuardBytes + bytes_); }
  Fibre(const Fibre&) = delete;
  Fibre& operator=(const Fibre&) = delete;

  /// Runs its body to the end, and comes back.
  void Run() {
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_;
    inside_.uc_stack.ss_size = bytes_;
    inside_.uc_link = &outside_;
    running = this;
    makecontext(&inside_, Enter, 0);
    swapcontext(&outside_, &inside_);
  }

 private:
  static constexpr size_t kGuardBytes = 65536;
  static inline thread_local Fibre* running = nullptr;

  static void Enter() { running->body_(); }

  size_t bytes_;
  std::function<void()> body_;
  void* memory_ = nullptr;
  char* stack_ = nullptr;
  ucontext_t inside_ = {};
  ucontext_t outside_ = {};
};

TEST(Fibres, Of_64_KiB_make_calls_that_succeed_and_fail_under_collections) {
  const LiveObjects objects;
  const std::string large(30000, 'x');
  Error error;
  for (int i = 0; i < 20; i++) {
    Require(interop_sessions_follower_set_item(
                objects.follower, objects.session.epoch, Text("large" + std::to_string(i)),
                Bytes(large), INTEROP_SESSIONS_ANY_REVISION, Within(PatienceMs()), nullptr, &error),
            error);
  }
  const auto list = [&] {
    interop_sessions_item_page* page = nullptr;
    Error failed;
    const interop_sessions_status status = interop_sessions_follower_list_items(
        objects.follower, objects.session.epoch, Text(""), Within(PatienceMs()), &page, &failed);
    interop_sessions_free(page);
    return status;
  };
  std::atomic<bool> is_over = false;
  std::thread garbage([&] {
    while (!is_over) {
      EXPECT_EQ(list(), INTEROP_SESSIONS_OK);
    }
  });
  int failed = 0;
  Fibre fibre(65536, [&] {
    for (int round = 0; round < 200; round++) {
      interop_sessions_item* item = nullptr;
      Error found;
      failed += interop_sessions_follower_get_item(objects.follower, objects.session.epoch,
                                                   Text("none"), Within(PatienceMs()), &item,
                                                   &found) == INTEROP_SESSIONS_ITEM_NOT_FOUND
                    ? 0
                    : 1;
      failed += list() == INTEROP_SESSIONS_OK ? 0 : 1;
      auto session = Sized<interop_sessions_session_info>();
      failed += interop_sessions_follower_session({12345}, &session, &found) ==
                        INTEROP_SESSIONS_INVALID_HANDLE
                    ? 0
                    : 1;
    }
  });
  fibre.Run();
  is_over = true;
  garbage.join();
  EXPECT_EQ(failed, 0);
}

}  // namespace
}  // namespace interop::sessions::tests
