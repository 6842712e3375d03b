#include "stress/objects.h"

#include <interop_sessions/thread_sanitizer_signals.hpp>

#include "abi/live_objects.h"

namespace interop::sessions::tests {

namespace {

/// Whether an object of which a call of its end says so has ended, by this call or by another.
bool IsOver(interop_sessions_status of_its_end) {
  return of_its_end == INTEROP_SESSIONS_OK || of_its_end == INTEROP_SESSIONS_INVALID_HANDLE ||
         of_its_end == INTEROP_SESSIONS_NOT_INITIALIZED;
}

/// An end that was waited for however long it takes has come.
void ExpectOver(const char* call, interop_sessions_status status, uint32_t timeout_ms) {
  EXPECT_TRUE(timeout_ms != Objects::kUntilTheEnd || IsOver(status))
      << call << ": " << interop_sessions_status_name(status);
}

/// The answer to a call that would wait for the callback that makes it.
void ExpectRefused(const char* call, interop_sessions_status status, const Witness& own) {
  EXPECT_TRUE(status == INTEROP_SESSIONS_IN_CALLBACK ||
              (status == INTEROP_SESSIONS_INVALID_HANDLE && own.MayBeStaleAndRun()))
      << call << ": " << interop_sessions_status_name(status);
}

}  // namespace

bool Objects::Note(interop_sessions_status status, const Error& error) {
  EXPECT_NE(status, INTEROP_SESSIONS_INTERNAL) << error.message;
  successes_ += status == INTEROP_SESSIONS_OK ? 1 : 0;
  return status == INTEROP_SESSIONS_OK;
}

void Objects::Initialize() {
  if (Libraries().size() >= kLibraries) {
    return;
  }
  const interop_sessions_options options = DefaultOptions();
  Error error;
  interop_sessions_library library = {};
  if (Note(interop_sessions_initialize(&options, &library, &error), error)) {
    detail::deliver_collector_signal_at_once();
    const std::lock_guard lock(mutex_);
    libraries_.push_back(library.value);
  }
}

void Objects::ShutdownAll() {
  for (auto all = Libraries(); !all.empty(); all = Libraries()) {
    for (const uint64_t library : all) {
      Shutdown(library);
    }
  }
}

std::vector<uint64_t> Objects::Libraries() {
  const std::lock_guard lock(mutex_);
  return libraries_;
}

interop_sessions_library Objects::AnyLibrary(Random& random) {
  const auto all = Libraries();
  return {all.empty() ? 0 : all[random() % all.size()]};
}

void Objects::Shutdown(uint64_t library) {
  std::vector<Witness*> made = followers_.MadeIn(library);
  for (Witness* master : masters_.MadeIn(library)) {
    made.push_back(master);
  }
  Error error;
  const interop_sessions_status status = interop_sessions_shutdown({library}, kUntilTheEnd, &error);
  Note(status, error);
  ExpectOver("shutdown", status, kUntilTheEnd);
  for (Witness* witness : made) {
    witness->ExpectSilence("shutdown");
  }
  const std::lock_guard lock(mutex_);
  std::erase(libraries_, library);
}

void Objects::StartMaster(Random& random) {
  const interop_sessions_library library = AnyLibrary(random);
  Witness& witness = masters_.Add({.library = library.value});
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = targets_.New(witness);
  hooks.release = Target::Release;
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

void Objects::StopMaster(Random& random, uint32_t timeout_ms) {
  Witness* witness = masters_.Any(random());
  if (witness == nullptr) {
    return;
  }
  Error error;
  const interop_sessions_status status =
      interop_sessions_master_stop({witness->handle()}, timeout_ms, &error);
  Note(status, error);
  ExpectOver("master_stop", status, timeout_ms);
  if (IsOver(status)) {
    witness->ExpectSilence("master_stop");
  }
}

void Objects::CreateManager(Random& random) {
  const interop_sessions_library library = AnyLibrary(random);
  const std::string endpoint = "127.0.0.1:" + std::to_string(port_);
  const interop_sessions_string text = Text(endpoint);
  auto options = Sized<interop_sessions_follower_manager_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.endpoint_count = 1;
  options.endpoints = &text;
  interop_sessions_follower_manager manager = {};
  Error error;
  if (Note(interop_sessions_follower_manager_create(library, &options, &manager, &error), error)) {
    const std::lock_guard lock(mutex_);
    latest_manager_ = {.library = library.value, .manager = manager.value};
  }
}

void Objects::CloseManager(uint32_t timeout_ms) {
  const uint64_t manager = LatestManager().manager;
  const std::vector<Witness*> made = followers_.MadeBy(manager);
  Error error;
  const interop_sessions_status status =
      interop_sessions_follower_manager_close({manager}, timeout_ms, &error);
  Note(status, error);
  ExpectOver("follower_manager_close", status, timeout_ms);
  if (IsOver(status)) {
    for (Witness* witness : made) {
      witness->ExpectSilence("follower_manager_close");
    }
  }
}

Owners Objects::LatestManager() {
  const std::lock_guard lock(mutex_);
  return latest_manager_;
}

void Objects::CreateFollower() {
  const Owners owners = LatestManager();
  Witness& witness = followers_.Add(owners);
  auto callbacks = Sized<interop_sessions_follower_callbacks>();
  callbacks.user_data = targets_.New(witness);
  callbacks.release = Target::Release;
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
  if (Note(interop_sessions_follower_create({owners.manager}, &options, &follower, &error),
           error)) {
    witness.Publish(follower.value);
  }
}

void Objects::CreateSession(Random& random) {
  Witness* witness = followers_.Any(random());
  if (witness != nullptr) {
    const auto description = Sized<interop_sessions_server_description>();
    Error error;
    Note(interop_sessions_follower_create_session({witness->handle()}, &description, Within(200),
                                                  nullptr, &error),
         error);
  }
}

void Objects::CreateSessionAsync(Random& random) {
  Witness* witness = followers_.Any(random());
  if (witness != nullptr) {
    const auto description = Sized<interop_sessions_server_description>();
    Error error;
    Note(interop_sessions_follower_create_session_async(
             {witness->handle()}, &description, Within(200),
             [](void* self, interop_sessions_status, const interop_sessions_error*,
                const interop_sessions_session_info*) { Target::Enter(self); },
             targets_.New(*witness), Target::Release, nullptr, &error),
         error);
  }
}

void Objects::Close(Random& random) {
  Witness* witness = followers_.Any(random());
  if (witness != nullptr) {
    Error error;
    const interop_sessions_status status =
        interop_sessions_follower_close({witness->handle()}, kUntilTheEnd, &error);
    Note(status, error);
    ExpectOver("follower_close", status, kUntilTheEnd);
    if (status == INTEROP_SESSIONS_OK || !witness->MayBeStaleAndRun()) {
      witness->ExpectSilence("follower_close");
    }
  }
}

void Objects::CloseAsync(Random& random) {
  Witness* witness = followers_.Any(random());
  if (witness != nullptr) {
    witness->NoteCloseAsync();
    Error error;
    if (Note(interop_sessions_follower_close_async({witness->handle()}, Target::EnterLast,
                                                   targets_.New(*witness), Target::Release, &error),
             error)) {
      witness->NoteAcceptedClose();
    }
  }
}

void Objects::Register(Random& random) {
  Witness* follower = followers_.Any(random());
  if (follower == nullptr) {
    return;
  }
  Witness& witness = registrations_.Add(follower->owners());
  interop_sessions_registration registration = {};
  Error error;
  if (Note(interop_sessions_follower_register_session_create_cb(
               {follower->handle()},
               [](void* self, const interop_sessions_session_info*) { Target::Enter(self); },
               targets_.New(*follower, &witness), Target::Release, &registration, &error),
           error)) {
    witness.Publish(registration.value);
  }
}

void Objects::Unregister(Random& random, uint32_t timeout_ms, const Target* inside) {
  Witness* witness = registrations_.Any(random());
  if (witness == nullptr) {
    return;
  }
  Error error;
  const interop_sessions_status status =
      interop_sessions_unregister_session_create_cb({witness->handle()}, timeout_ms, &error);
  Note(status, error);
  ExpectOver("unregister_session_create_cb", status, timeout_ms);
  // It was a registration, so OK says that it is over.
  EXPECT_NE(status, INTEROP_SESSIONS_INVALID_HANDLE) << error.message;
  if (inside != nullptr && inside->registration() == witness) {
    EXPECT_EQ(status, INTEROP_SESSIONS_OK) << error.message;
    witness->NoteLastRun();
  } else if (IsOver(status)) {
    witness->ExpectSilence("unregister_session_create_cb");
  }
}

void Objects::ExpectRefusals(Random& random, const Target& inside) {
  EXPECT_EQ(interop_sessions_shutdown(AnyLibrary(random), kUntilTheEnd, nullptr),
            INTEROP_SESSIONS_IN_CALLBACK);
  const Witness& own = inside.object();
  const uint64_t handle = own.handle();
  if (handle == 0) {
    return;
  }
  if (own.owners().manager == 0) {
    ExpectRefused("master_stop", interop_sessions_master_stop({handle}, kUntilTheEnd, nullptr),
                  own);
    return;
  }
  // A manager's handle is good for as long as a callback of one of its followers runs.
  EXPECT_EQ(interop_sessions_follower_manager_close({own.owners().manager}, kUntilTheEnd, nullptr),
            INTEROP_SESSIONS_IN_CALLBACK);
  ExpectRefused("follower_close", interop_sessions_follower_close({handle}, kUntilTheEnd, nullptr),
                own);
  const auto description = Sized<interop_sessions_server_description>();
  ExpectRefused("create_session",
                interop_sessions_follower_create_session({handle}, &description, Within(200),
                                                         nullptr, nullptr),
                own);
  ExpectRefused("reattach_session",
                interop_sessions_follower_reattach_session({handle}, 1, {1, 1}, Within(200),
                                                           nullptr, nullptr),
                own);
}

}  // namespace interop::sessions::tests
