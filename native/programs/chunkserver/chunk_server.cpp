#include "chunkserver/chunk_server.hpp"

#include <interop_sessions/names.hpp>
#include <utility>

namespace chunkserver {

using interop::sessions::failure;
using interop::sessions::result;
using interop::sessions::session;
using interop::sessions::to_string;

ChunkServer::ChunkServer(const ChunkServerOptions& options, common::EventLog& events,
                         std::function<void()> gave_up)
    : options_(options),
      events_(events),
      access_handler_(options, events, std::move(gave_up)),
      node_server_(options, events) {}

ChunkServer::~ChunkServer() { Stop(); }

result<void> ChunkServer::Start(const interop::sessions::api& functions) {
  if (auto opened = OpenFollower(functions); !opened) {
    return opened;
  }
  // Before the session is asked for: a callback sees only the sessions created after it came.
  if (auto registered = node_server_.Start(*follower_); !registered) {
    return registered;
  }
  return access_handler_.Start(*follower_);
}

void ChunkServer::Stop() {
  if (follower_) {
    // Cancels a create and every request on its way, and runs SessionLost before the master hears
    // of it. So the threads below end at once.
    if (auto closed = follower_->close(); !closed) {
      events_.PrintError("closing the session", closed.error());
    }
  }
  access_handler_.Stop();
  node_server_.Stop();
  follower_.reset();
  manager_.reset();
  library_.reset();
}

session ChunkServer::Session() const {
  if (!follower_) {
    return {};
  }
  return follower_->current_session().value_or(session{});
}

result<void> ChunkServer::OpenFollower(const interop::sessions::api& functions) {
  auto library = interop::sessions::library::initialize(LibraryOptions(), functions);
  if (!library) {
    return failure(library.error());
  }
  library_.emplace(std::move(*library));
  auto manager = interop::sessions::follower_manager::create(
      *library_, {.endpoints = options_.masters,
                  .effect_delay_ms = options_.effect_delay_ms,
                  .tls = options_.trust.Tls(),
                  .insecure = options_.trust.insecure});
  if (!manager) {
    return failure(manager.error());
  }
  manager_.emplace(std::move(*manager));
  auto follower = manager_->create_follower(options_.identity, FollowerCallbacks());
  if (!follower) {
    return failure(follower.error());
  }
  follower_.emplace(std::move(*follower));
  return {};
}

interop::sessions::library_options ChunkServer::LibraryOptions() {
  const bool trace = options_.trace;
  return {.log = [this, trace](const auto& record) { events_.PrintLibraryRecord(record, trace); },
          .log_level = trace ? INTEROP_SESSIONS_LOG_TRACE : INTEROP_SESSIONS_LOG_INFORMATION,
          .callback_failed =
              [this](std::string_view callback, const std::exception_ptr&) {
                events_.Print("an exception left the callback ", callback);
              }};
}

interop::sessions::follower_callbacks ChunkServer::FollowerCallbacks() {
  return {.session_created =
              [this](const session& created) { return access_handler_.SessionCreatedCb(created); },
          .session_lost =
              [this](const session& lost) {
                node_server_.SessionLost(lost);
                access_handler_.SessionLost(lost);
              },
          .state_changed =
              [this](const session& now) {
                events_.Print("session is ", to_string(now.state), ", epoch ", now.epoch);
              }};
}

}  // namespace chunkserver
