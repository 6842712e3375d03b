#include "fuzz/world.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <thread>

#include "fuzz/arguments.h"

namespace interop::sessions::fuzz {
namespace {

/// Whatever else the machine does, nothing takes so long.
constexpr std::uint32_t kPatienceMs = 60000;

std::string MakeDirectory() {
  std::string path =
      (std::filesystem::temp_directory_path() / "interop-sessions-fuzz-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) {
    std::abort();
  }
  return path;
}

void Must(interop_sessions_status status, const char* function) {
  if (status != INTEROP_SESSIONS_OK) {
    Fail("the fuzzer's own objects cannot be made", function, status);
  }
}

void Log(void*, const interop_sessions_log_record* record) {
  for (std::uint32_t i = 0; i < record->field_count; ++i) {
    const interop_sessions_log_field* const field = interop_sessions_log_record_field(record, i);
    if (field->name.size == 0) {
      Fail("a field of a log record has no name", "log", i);
    }
  }
}

}  // namespace

World& World::Here() {
  // Never destroyed: callbacks may run until the process is gone.
  static World& world = *new World();
  return world;
}

World::World() : directory_(MakeDirectory()) {
  interop_sessions_options options = INTEROP_SESSIONS_INIT(interop_sessions_options);
  options.abi_version = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
  options.log = Log;
  options.log_level = INTEROP_SESSIONS_LOG_INFORMATION;
  interop_sessions_library library = {};
  Must(interop_sessions_initialize(&options, &library, nullptr), "initialize");

  const std::string store = FreshStore();
  interop_sessions_master_options master_options =
      INTEROP_SESSIONS_INIT(interop_sessions_master_options);
  master_options.listen_address = {"127.0.0.1:0", 11};
  master_options.store_path = {store.data(), store.size()};
  master_options.create_store = 1;
  master_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  master_options.max_sessions = 40;
  interop_sessions_master master = {};
  Must(interop_sessions_master_start(library, &master_options, &master, nullptr), "master_start");
  std::uint16_t port = 0;
  Must(interop_sessions_master_port(master, &port, nullptr), "master_port");
  endpoint_ = "127.0.0.1:" + std::to_string(port);

  interop_sessions_string endpoint = {endpoint_.data(), endpoint_.size()};
  interop_sessions_follower_manager_options manager_options =
      INTEROP_SESSIONS_INIT(interop_sessions_follower_manager_options);
  manager_options.endpoints = &endpoint;
  manager_options.endpoint_count = 1;
  manager_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  interop_sessions_follower_manager manager = {};
  Must(interop_sessions_follower_manager_create(library, &manager_options, &manager, nullptr),
       "follower_manager_create");
  lasting_ = {library.value, master.value, manager.value};
  Add(Kind::kLibrary, library.value);
  Add(Kind::kMaster, master.value);
  Add(Kind::kManager, manager.value);
  for (const char* identity : {"lasting-0", "lasting-1"}) {
    interop_sessions_follower_options follower_options =
        INTEROP_SESSIONS_INIT(interop_sessions_follower_options);
    follower_options.identity = {identity, std::strlen(identity)};
    interop_sessions_follower follower = {};
    Must(interop_sessions_follower_create(manager, &follower_options, &follower, nullptr),
         "follower_create");
    lasting_.push_back(follower.value);
    Add(Kind::kFollower, follower.value);
    lasting_sessions_.push_back({follower, 0, 0, {}});
  }
}

void World::Prepare() {
  interop_sessions_endpoint endpoint = INTEROP_SESSIONS_INIT(interop_sessions_endpoint);
  endpoint.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
  endpoint.address = {"e:1", 3};
  interop_sessions_server_description description =
      INTEROP_SESSIONS_INIT(interop_sessions_server_description);
  description.endpoints = &endpoint;
  description.endpoint_count = 1;
  for (Held& held : lasting_sessions_) {
    interop_sessions_session_info session = INTEROP_SESSIONS_INIT(interop_sessions_session_info);
    // The last input may have taken it away, or have begun a create that is still under way.
    interop_sessions_follower_create_session(held.follower, &description, nullptr, &session,
                                             nullptr);
    if (interop_sessions_follower_session(held.follower, &session, nullptr) !=
        INTEROP_SESSIONS_OK) {
      Fail("a follower that lasts has gone", "follower_session", held.follower.value);
    }
    held = {held.follower, session.epoch, session.session_id, session.secret};
  }
}

std::string World::FreshStore() {
  const std::lock_guard guard(lock_);
  return directory_ + "/" + std::to_string(++next_store_) + ".db";
}

bool World::Lasts(std::uint64_t handle) const {
  return std::find(lasting_.begin(), lasting_.end(), handle) != lasting_.end();
}

std::uint64_t World::Pick(Kind kind, Input& input) {
  const std::uint8_t which = input.Byte();
  const std::lock_guard guard(lock_);
  const std::vector<std::uint64_t>& own = handles_[static_cast<std::size_t>(kind)];
  if (which < 230 && !own.empty()) {
    // The latest is the most likely.
    return own[own.size() - 1 - (which % own.size())];
  }
  const std::vector<std::uint64_t>& others = handles_[which % handles_.size()];
  return which < 245 && !others.empty() ? others.back() : input.Number();
}

World::Held World::PickSession(Input& input) {
  const std::uint8_t which = input.Byte();
  {
    const std::lock_guard guard(lock_);
    if (which < 110) {
      return lasting_sessions_[which % lasting_sessions_.size()];
    }
    if (which < 230 && !sessions_.empty()) {
      return sessions_[sessions_.size() - 1 - (which % sessions_.size())];
    }
  }
  return {{Pick(Kind::kFollower, input)},
          input.Number(),
          input.Number(),
          {input.Number(), input.Number()}};
}

void World::Add(Kind kind, std::uint64_t handle) {
  const std::lock_guard guard(lock_);
  std::vector<std::uint64_t>& own = handles_[static_cast<std::size_t>(kind)];
  own.push_back(handle);
}

void World::Add(const Held& held) {
  const std::lock_guard guard(lock_);
  sessions_.push_back(held);
}

Ticket* World::NewTicket(const char* function, Ticket::Promise promise, bool releases,
                         Input& input) {
  auto ticket = std::make_unique<Ticket>();
  ticket->function = function;
  ticket->promise = promise;
  ticket->releases = releases;
  for (std::uint8_t& byte : ticket->then) {
    byte = input.Byte();
  }
  const std::lock_guard guard(lock_);
  tickets_.push_back(std::move(ticket));
  return tickets_.back().get();
}

void World::Close(interop_sessions_follower follower) {
  const interop_sessions_status status =
      interop_sessions_follower_close(follower, kPatienceMs, nullptr);
  if (status != INTEROP_SESSIONS_OK && status != INTEROP_SESSIONS_INVALID_HANDLE) {
    Fail("a follower cannot be closed", "follower_close", status);
  }
}

std::vector<std::uint64_t> World::TakeFresh(Kind kind) {
  const std::lock_guard guard(lock_);
  std::vector<std::uint64_t>& own = handles_[static_cast<std::size_t>(kind)];
  std::vector<std::uint64_t> fresh;
  std::copy_if(own.begin(), own.end(), std::back_inserter(fresh),
               [this](std::uint64_t handle) { return !Lasts(handle); });
  std::erase_if(own, [this](std::uint64_t handle) { return !Lasts(handle); });
  return fresh;
}

void World::Settle() {
  // Callbacks call nothing more from here on, and what they call is over in a moment.
  is_settling_ = true;
  while (calls_within_ > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (bool is_over = false; !is_over;) {
    is_over = true;
    for (const std::uint64_t follower : TakeFresh(Kind::kFollower)) {
      Close({follower});
      is_over = false;
    }
    for (const std::uint64_t manager : TakeFresh(Kind::kManager)) {
      interop_sessions_follower_manager_close({manager}, kPatienceMs, nullptr);
      is_over = false;
    }
    for (const std::uint64_t master : TakeFresh(Kind::kMaster)) {
      interop_sessions_master_stop({master}, kPatienceMs, nullptr);
      is_over = false;
    }
    for (const std::uint64_t library : TakeFresh(Kind::kLibrary)) {
      interop_sessions_shutdown({library}, kPatienceMs, nullptr);
      is_over = false;
    }
  }
  VerifyTickets();
  tickets_.clear();
  sessions_.clear();
  TakeFresh(Kind::kRegistration);
  TakeFresh(Kind::kOperation);
  is_settling_ = false;
}

void World::VerifyTickets() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  for (const std::unique_ptr<Ticket>& ticket : tickets_) {
    const bool accepted = ticket->accepted;
    const int completions = accepted && ticket->promise == Ticket::Promise::kOneCompletion ? 1 : 0;
    const int releases = ticket->releases ? 1 : 0;
    // What a close_async ends, and what a master revokes, comes on another thread.
    while (ticket->completions < completions ||
           (ticket->released < releases && !ticket->may_be_unseen)) {
      if (std::chrono::steady_clock::now() > end) {
        Fail(ticket->completions < completions ? "a completion never came"
                                               : "a user_data is never released",
             ticket->function, static_cast<std::uint64_t>(accepted));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (ticket->promise == Ticket::Promise::kOneCompletion && ticket->completions > completions) {
      Fail(accepted ? "a completion came twice" : "a call that was refused completes",
           ticket->function, static_cast<std::uint64_t>(ticket->completions.load()));
    }
    if (ticket->released > releases) {
      Fail("a user_data was released twice", ticket->function,
           static_cast<std::uint64_t>(ticket->released.load()));
    }
  }
}

void CallWithin(Ticket* ticket) {
  static thread_local int depth = 0;
  World& world = World::Here();
  // Counted before it is asked for, so that whoever says that no more shall begin sees each that has begun.
  world.CallsWithin(1);
  if (depth == 0 && !world.is_settling()) {
    ++depth;
    Input input(ticket->then.data(), ticket->then.size());
    if (input.Byte() > 127) {
      Call(input);
    }
    --depth;
  }
  world.CallsWithin(-1);
}

}  // namespace interop::sessions::fuzz
