// initialize, shutdown, create, close, close_async, start, stop, register and unregister against each other, from eight threads and
// from callbacks. Nothing returns while a callback runs, none runs after an end, nothing hangs, nothing is left alive.
//
// INTEROP_SESSIONS_STRESS_SECONDS makes it longer, INTEROP_SESSIONS_STRESS_SEED gives what is done again, as far as the machine does.

#include <array>
#include <cstdlib>
#include <interop_sessions/thread_sanitizer.hpp>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

#include "abi/live_objects.h"
#include "stress/objects.h"
#include "support/tasks.h"

namespace interop::sessions::tests {
namespace {

uint64_t Setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Names of threads that only live objects have.
std::string ThreadsOfObjects() {
  std::string found;
  for (const std::string& task : Tasks()) {
    const std::string name = NameOfTask(task);
    found += name.starts_with("sessions-") ? name + " " : "";
  }
  return found;
}

class Stress {
 public:
  explicit Stress(uint64_t seed) : seed_(seed) {}

  void Run(std::chrono::seconds duration) {
    const auto end = std::chrono::steady_clock::now() + duration;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; i++) {
      threads.emplace_back([this, i, end] {
        Random random(static_cast<unsigned>(seed_ + i));
        // All of them begin with the first call into the library that the process makes.
        left_to_begin_--;
        while (left_to_begin_ > 0) {
          std::this_thread::yield();
        }
        objects_.Initialize();
        while (std::chrono::steady_clock::now() < end) {
          DoAnything(random, &doing_[i]);
        }
        left_--;
      });
    }
    if (!Eventually([this] { return left_ == 0; },
                    static_cast<uint32_t>(duration.count() * 1000) + 3 * PatienceMs())) {
      for (const auto& what : doing_) {
        std::cerr << "a thread hangs, or not, in " << what.load() << '\n';
      }
      std::abort();
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    is_over_ = true;
    const detail::call_scope shared;
    objects_.ShutdownAll();
  }

  Objects& objects() { return objects_; }

 private:
  static constexpr size_t kThreads = 8;

  void DoAnything(Random& random, std::atomic<const char*>* doing) {
    const auto choice = random() % 100;
    const detail::call_scope shared;
    if (choice < 2) {
      *doing = "shutdown";
      objects_.Shutdown(random);
    } else if (choice < 12) {
      *doing = "initialize";
      objects_.Initialize();
    } else if (choice < 20) {
      *doing = "master_start";
      objects_.StartMaster(random);
    } else if (choice < 23) {
      *doing = "master_stop";
      objects_.StopMaster(random, Objects::kUntilTheEnd);
    } else if (choice < 28) {
      *doing = "manager_create";
      objects_.CreateManager(random);
    } else if (choice < 31) {
      *doing = "manager_close";
      objects_.CloseManager(Objects::kUntilTheEnd);
    } else if (choice < 50) {
      *doing = "follower_create";
      objects_.CreateFollower();
    } else if (choice < 57) {
      *doing = "create_session";
      objects_.CreateSession(random);
    } else if (choice < 64) {
      *doing = "create_session_async";
      objects_.CreateSessionAsync(random);
    } else if (choice < 71) {
      *doing = "register_session_create_cb";
      objects_.Register(random);
    } else if (choice < 75) {
      *doing = "unregister_session_create_cb";
      objects_.Unregister(random, Objects::kUntilTheEnd, nullptr);
    } else if (choice < 88) {
      *doing = "close";
      objects_.Close(random);
    } else {
      *doing = "close_async";
      objects_.CloseAsync(random);
    }
  }

  void DoInCallback(const Target& inside) {
    Random random(static_cast<unsigned>(seed_ + ++callbacks_));
    const auto choice = random() % 20;
    if (is_over_ || choice >= 12) {
      return;
    }
    switch (choice) {
      case 0:
      case 1:
        objects_.ExpectRefusals(random, inside);
        break;
      case 2:
        objects_.Initialize();
        break;
      case 3:
        objects_.CloseAsync(random);
        break;
      case 4:
        objects_.CreateFollower();
        break;
      case 5:
        objects_.CreateSessionAsync(random);
        break;
      case 6:
        objects_.Register(random);
        break;
      case 7:
        objects_.Unregister(random, Objects::kShortMs, &inside);
        break;
      default:
        WaitInCallback(random, choice);
        break;
    }
  }

  /// Calls that may wait: one callback at a time makes them, since such callbacks would wait for each other, and masters for nothing
  /// else.
  void WaitInCallback(Random& random, uint64_t choice) {
    if (is_waiting_.exchange(true)) {
      return;
    }
    if (choice == 8) {
      objects_.StartMaster(random);
    } else if (choice == 9) {
      objects_.StopMaster(random, Objects::kShortMs);
    } else if (choice == 10) {
      objects_.CreateManager(random);
    } else {
      objects_.CloseManager(Objects::kShortMs);
    }
    is_waiting_ = false;
  }

  const uint64_t seed_;
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> is_waiting_ = false;
  std::atomic<uint64_t> callbacks_ = 0;
  std::atomic<int> left_to_begin_ = kThreads;
  std::atomic<int> left_ = kThreads;
  std::array<std::atomic<const char*>, kThreads> doing_ = {};
  Objects objects_{[this](const Target& inside) { DoInCallback(inside); }};
};

TEST(LifeStress, Nothing_returns_while_a_callback_runs_nothing_hangs_and_nothing_is_left) {
  const uint64_t seed = Setting("INTEROP_SESSIONS_STRESS_SEED", std::random_device{}());
  const uint64_t seconds = Setting("INTEROP_SESSIONS_STRESS_SECONDS", 5);
  std::cout << "seed " << seed << '\n';
  Stress stress(seed);
  stress.Run(std::chrono::seconds(seconds));
  std::cout << stress.objects().successes() << " calls did what they were asked to\n";
  EXPECT_GT(stress.objects().successes(), 0U);
  EXPECT_TRUE(Eventually([&] { return stress.objects().IsAllTold(); }));
  EXPECT_TRUE(Eventually([] { return ThreadsOfObjects().empty(); })) << ThreadsOfObjects();
}

}  // namespace
}  // namespace interop::sessions::tests
