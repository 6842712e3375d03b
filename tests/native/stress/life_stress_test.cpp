// initialize, shutdown, create, close, close_async, start and stop against each other, from eight threads and from callbacks. Nothing
// returns while a callback runs, nothing hangs, nothing is left alive.
//
// INTEROP_SESSIONS_STRESS_SECONDS makes it longer, INTEROP_SESSIONS_STRESS_SEED gives what is done again, as far as the machine does.

#include <interop_sessions/thread_sanitizer.hpp>
#include <interop_sessions/thread_sanitizer_signals.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "abi/live_objects.h"
#include "stress/witnesses.h"

namespace interop::sessions::tests {
namespace {

uint64_t Setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Names of threads that only live objects have.
std::string ThreadsOfObjects() {
  std::string found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream comm(task.path() / "comm");
    std::string name;
    if (std::getline(comm, name) && name.starts_with("sessions-")) {
      found += name + " ";
    }
  }
  return found;
}

using Random = std::minstd_rand;

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
        Initialize();
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
    for (const uint64_t library : Libraries()) {
      Shutdown(library);
    }
  }

  /// How many calls did what they were asked to.
  uint64_t successes() const { return successes_; }

 private:
  static constexpr size_t kThreads = 8;
  static constexpr size_t kLibraries = 3;

  void DoAnything(Random& random, std::atomic<const char*>* doing) {
    const auto choice = random() % 100;
    const detail::call_scope shared;
    if (choice < 2) {
      *doing = "shutdown";
      Shutdown(AnyLibrary(random).value);
    } else if (choice < 12) {
      *doing = "initialize";
      Initialize();
    } else if (choice < 20) {
      *doing = "master_start";
      StartMaster(random);
    } else if (choice < 23) {
      *doing = "master_stop";
      StopMaster(random);
    } else if (choice < 30) {
      *doing = "manager_create";
      CreateManager(random);
    } else if (choice < 33) {
      *doing = "manager_close";
      CloseManager();
    } else if (choice < 55) {
      *doing = "follower_create";
      CreateFollower();
    } else if (choice < 70) {
      *doing = "create_session";
      CreateSession(random);
    } else if (choice < 85) {
      *doing = "close";
      Close(random);
    } else {
      *doing = "close_async";
      CloseAsync(random);
    }
  }

  /// What a callback may do without waiting for another.
  void DoInCallback() {
    Random random(static_cast<unsigned>(seed_ + ++callbacks_));
    switch (random() % 8) {
      case 0:
        EXPECT_EQ(interop_sessions_shutdown(AnyLibrary(random), 0, nullptr),
                  INTEROP_SESSIONS_IN_CALLBACK);
        break;
      case 1: {
        Initialize();
        break;
      }
      case 2:
        CloseAsync(random);
        break;
      case 3:
        CreateFollower();
        break;
      default:
        break;
    }
  }

  bool Note(interop_sessions_status status, const Error& error) {
    EXPECT_NE(status, INTEROP_SESSIONS_INTERNAL) << error.message;
    successes_ += status == INTEROP_SESSIONS_OK ? 1 : 0;
    return status == INTEROP_SESSIONS_OK;
  }

  void Initialize() {
    if (Libraries().size() >= kLibraries) {
      return;
    }
    const interop_sessions_options options = DefaultOptions();
    Error error;
    interop_sessions_library library = {};
    if (Note(interop_sessions_initialize(&options, &library, &error), error)) {
      detail::deliver_collector_signal_at_once();
      const std::lock_guard lock(libraries_mutex_);
      libraries_.push_back(library.value);
    }
  }

  std::vector<uint64_t> Libraries() {
    const std::lock_guard lock(libraries_mutex_);
    return libraries_;
  }

  /// Zero if there is none.
  interop_sessions_library AnyLibrary(Random& random) {
    const auto all = Libraries();
    return {all.empty() ? 0 : all[random() % all.size()]};
  }

  void Shutdown(uint64_t library) {
    std::vector<Witness*> made = followers_.Made(library);
    for (Witness* master : masters_.Made(library)) {
      made.push_back(master);
    }
    Error error;
    Note(interop_sessions_shutdown({library}, 0, &error), error);
    for (Witness* witness : made) {
      witness->ExpectSilence("shutdown");
    }
    const std::lock_guard lock(libraries_mutex_);
    std::erase(libraries_, library);
  }

  void StartMaster(Random& random) {
    const interop_sessions_library library = AnyLibrary(random);
    Witness& witness = masters_.Add(library.value);
    auto hooks = Sized<interop_sessions_access_manager>();
    Target* target = NewTarget(witness);
    hooks.user_data = target;
    hooks.check_leader = [](void* self, interop_sessions_leader_answer* answer) {
      Target::Enter(self);
      answer->leads = 1;
    };
    hooks.session_initialize = [](void* self, const interop_sessions_session_request*,
                                  interop_sessions_session_amendment*,
                                  interop_sessions_verdict*) { Target::Enter(self); };
    hooks.session_ended = [](void* self, const interop_sessions_session_request*,
                             const interop_sessions_session_end*) { Target::Enter(self); };
    const std::string store = directory_.File("store-" + std::to_string(random() % 2) + ".db");
    auto options = Sized<interop_sessions_master_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    options.listen_address = Text("127.0.0.1:0");
    options.store_path = Text(store);
    options.create_store = 1;
    options.access_manager = &hooks;
    interop_sessions_master master = {};
    Error error;
    uint16_t port = 0;
    if (Note(interop_sessions_master_start(library, &options, &master, &error), error)) {
      witness.Publish(master.value);
      if (interop_sessions_master_port(master, &port, &error) == INTEROP_SESSIONS_OK) {
        port_ = port;
      }
    }
  }

  void StopMaster(Random& random) {
    Witness* witness = masters_.Any(random());
    if (witness != nullptr) {
      Error error;
      Note(interop_sessions_master_stop({witness->handle()}, 0, &error), error);
      witness->ExpectSilence("master_stop");
    }
  }

  void CreateManager(Random& random) {
    const interop_sessions_library library = AnyLibrary(random);
    const std::string endpoint = "127.0.0.1:" + std::to_string(port_);
    const interop_sessions_string text = Text(endpoint);
    auto options = Sized<interop_sessions_follower_manager_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    options.endpoint_count = 1;
    options.endpoints = &text;
    interop_sessions_follower_manager manager = {};
    Error error;
    if (Note(interop_sessions_follower_manager_create(library, &options, &manager, &error),
             error)) {
      const std::lock_guard lock(libraries_mutex_);
      manager_ = {manager.value, library.value};
    }
  }

  void CloseManager() {
    Error error;
    Note(interop_sessions_follower_manager_close({LatestManager().first}, 0, &error), error);
  }

  /// And its library.
  std::pair<uint64_t, uint64_t> LatestManager() {
    const std::lock_guard lock(libraries_mutex_);
    return manager_;
  }

  void CreateFollower() {
    const auto [manager, library] = LatestManager();
    Witness& witness = followers_.Add(library);
    auto callbacks = Sized<interop_sessions_follower_callbacks>();
    callbacks.user_data = NewTarget(witness);
    callbacks.session_created = [](void* self, const interop_sessions_session_info*,
                                   interop_sessions_verdict*) { Target::Enter(self); };
    callbacks.session_lost = [](void* self, const interop_sessions_session_info*,
                                const interop_sessions_session_end*) { Target::Enter(self); };
    const std::string identity = "server-" + std::to_string(++identities_ % 16);
    auto options = Sized<interop_sessions_follower_options>();
    options.identity = Text(identity);
    options.callbacks = &callbacks;
    interop_sessions_follower follower = {};
    Error error;
    if (Note(interop_sessions_follower_create({manager}, &options, &follower, &error), error)) {
      witness.Publish(follower.value);
    }
  }

  void CreateSession(Random& random) {
    Witness* witness = followers_.Any(random());
    if (witness == nullptr) {
      return;
    }
    const auto description = Sized<interop_sessions_server_description>();
    Error error;
    if (random() % 2 == 0) {
      Note(interop_sessions_follower_create_session({witness->handle()}, &description, Within(200),
                                                    nullptr, &error),
           error);
    } else {
      Note(interop_sessions_follower_create_session_async(
               {witness->handle()}, &description, Within(200),
               [](void* self, interop_sessions_status, const interop_sessions_error*,
                  const interop_sessions_session_info*) { Target::Enter(self); },
               NewTarget(*witness), nullptr, nullptr, &error),
           error);
    }
  }

  void Close(Random& random) {
    Witness* witness = followers_.Any(random());
    if (witness != nullptr) {
      Error error;
      const interop_sessions_status status =
          interop_sessions_follower_close({witness->handle()}, 0, &error);
      Note(status, error);
      if (status == INTEROP_SESSIONS_OK || !witness->MayBeStaleAndRun()) {
        witness->ExpectSilence("follower_close");
      }
    }
  }

  void CloseAsync(Random& random) {
    Witness* witness = followers_.Any(random());
    if (witness != nullptr) {
      witness->NoteCloseAsync();
      Error error;
      Note(interop_sessions_follower_close_async(
               {witness->handle()}, [](void* self) { Target::Enter(self); }, NewTarget(*witness),
               nullptr, &error),
           error);
    }
  }

  /// The user_data of one object or call.
  struct Target {
    Stress* stress;
    Witness* witness;

    static void Enter(void* self) {
      const detail::callback_scope scope;
      auto* target = static_cast<Target*>(self);
      const Witness::Inside inside(*target->witness);
      target->stress->DoInCallback();
    }
  };

  Target* NewTarget(Witness& witness) {
    const std::lock_guard lock(targets_mutex_);
    Target* target = &targets_.emplace_back(Target{this, &witness});
    // The scope of the whole deed began before this was written, and in a callback there is none.
    const detail::call_scope written;
    return target;
  }

  const uint64_t seed_;
  TemporaryDirectory directory_;
  Witnesses masters_;
  Witnesses followers_;
  std::mutex targets_mutex_;
  std::deque<Target> targets_;
  std::mutex libraries_mutex_;
  std::vector<uint64_t> libraries_;
  std::pair<uint64_t, uint64_t> manager_;
  std::atomic<uint16_t> port_ = 1;
  std::atomic<unsigned> identities_ = 0;
  std::atomic<uint64_t> callbacks_ = 0;
  std::atomic<uint64_t> successes_ = 0;
  std::atomic<int> left_to_begin_ = kThreads;
  std::atomic<int> left_ = kThreads;
  std::array<std::atomic<const char*>, kThreads> doing_ = {};
};

TEST(LifeStress, Nothing_returns_while_a_callback_runs_nothing_hangs_and_nothing_is_left) {
  const uint64_t seed = Setting("INTEROP_SESSIONS_STRESS_SEED", std::random_device{}());
  const uint64_t seconds = Setting("INTEROP_SESSIONS_STRESS_SECONDS", 5);
  std::cout << "seed " << seed << '\n';
  Stress stress(seed);
  stress.Run(std::chrono::seconds(seconds));
  std::cout << stress.successes() << " calls did what they were asked to\n";
  EXPECT_GT(stress.successes(), 0U);
  EXPECT_TRUE(Eventually([] { return ThreadsOfObjects().empty(); })) << ThreadsOfObjects();
}

}  // namespace
}  // namespace interop::sessions::tests
