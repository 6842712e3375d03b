// A host that is inside dlopen() holds the lock of the loader. The library must be able to collect meanwhile, for which it may need a
// thread, and no thread of the library may wait for that lock.

#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "support/child_process.h"
#include "support/session_test.h"
#include "support/tasks.h"

namespace interop::sessions::tests {
namespace {

/// While a constructor of a module runs, for as long as it calls the library.
std::function<void()> g_constructor;

}  // namespace
}  // namespace interop::sessions::tests

extern "C" void constructor_of_a_module() { interop::sessions::tests::g_constructor(); }

namespace interop::sessions::tests {
namespace {

/// A process whose collector is busy: large items come and go.
class Collecting : public SessionTestWithMaster {
 public:
  void TestBody() override {}

  /// Whether a module could be loaded whose constructor calls the library until the collector has made its thread.
  bool Run() {
    options_.max_item_bytes = kLarge;
    options_.max_session_bytes = 4 * kLarge;
    SetUp();
    WatchedFollower server(manager(), "server");
    const session alive = server.Create();
    std::atomic<bool> is_loaded = false;
    bool was_without = false;
    bool is_collecting = false;
    g_constructor = [&] {
      was_without = !HasThread(kCollectorThread);
      is_collecting = Eventually(
          [&] { return server->current_session().has_value() && HasThread(kCollectorThread); });
    };
    std::thread host([&] {
      EXPECT_NE(dlopen(CONSTRUCTOR_MODULE, RTLD_NOW), nullptr) << dlerror();
      is_loaded = true;
    });
    const std::string large(kLarge, 'x');
    while (!is_loaded) {
      Must(server->set_item(alive.epoch, "large", bytes_of(large)));
    }
    host.join();
    return was_without && is_collecting;
  }

 private:
  static constexpr std::uint32_t kLarge = 1 << 20;
};

TEST(LoaderLock, Held_by_a_host_that_calls_the_library_lets_it_collect) {
  // In a process of its own: the collector makes its thread once.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        alarm(3 * PatienceMs() / 1000);
        Collecting process;
        std::_Exit(process.Run() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace interop::sessions::tests
