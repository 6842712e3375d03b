#include "meta_server.hpp"

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "event_file.hpp"
#include "metaserver/meta_server.hpp"
#include "shared/event_log.hpp"
#include "text.hpp"

namespace harness {

using interop::sessions::result;
using interop::sessions::session_row;

// One life of a meta server, from Start() on. It keeps what the real classes hold references to.
struct MetaServerLife {
  MetaServerLife(metaserver::MetaServerOptions given, const std::string& event_file)
      : options(std::move(given)),
        output(OpenEventFile(event_file)),
        events("master", options.time_origin_ns, output.get()),
        server(options, events) {}

  const metaserver::MetaServerOptions options;
  const EventFile output;
  common::EventLog events;
  metaserver::MetaServer server;  // the last member: it uses those above
};

struct MetaServer::State {
  metaserver::MetaServerOptions options;
  std::string event_file = "/dev/null";
  std::string error;
  std::optional<MetaServerLife> life;
  bool up = false;

  std::int32_t Answer(const result<void>& outcome) {
    if (outcome) {
      error.clear();
      return INTEROP_SESSIONS_OK;
    }
    error = TextOf(outcome.error());
    return static_cast<std::int32_t>(outcome.error().status);
  }

  // The session of an identity.
  std::optional<session_row> Find(std::string_view identity) {
    std::optional<session_row> found;
    if (up) {
      const auto listed = life->server.ForEachSession([&](const session_row& row) {
        if (row.request.identity == identity) {
          found = row;
        }
      });
      static_cast<void>(listed);  // what cannot be listed is not there
    }
    return found;
  }
};

MetaServer::MetaServer() noexcept : state_(new State) {}

MetaServer::~MetaServer() noexcept { delete state_; }

void MetaServer::SetStore(const std::uint8_t* path, std::uint32_t size) noexcept {
  state_->options.store_path = TextOf(path, size);
  state_->options.create_store = true;
}

void MetaServer::SetListenAddress(const std::uint8_t* text, std::uint32_t size) noexcept {
  state_->options.listen_address = TextOf(text, size);
}

void MetaServer::SetTermMs(std::uint32_t term_ms) noexcept {
  state_->options.term_ms = term_ms;
  state_->options.min_term_ms = term_ms;
  state_->options.max_term_ms = term_ms;
}

void MetaServer::SetCapabilities(std::uint64_t capabilities) noexcept {
  state_->options.capabilities = capabilities;
}

void MetaServer::RefuseIdentity(const std::uint8_t* text, std::uint32_t size) noexcept {
  state_->options.refused_identities.push_back(TextOf(text, size));
}

void MetaServer::SetEventFile(const std::uint8_t* path, std::uint32_t size) noexcept {
  state_->event_file = TextOf(path, size);
}

std::int32_t MetaServer::Start() noexcept {
  try {
    state_->up = false;
    state_->life.reset();
    state_->options.trust.insecure = interop::sessions::insecure_peers::loopback;
    state_->options.time_origin_ns = interop_sessions_now_ns();
    state_->life.emplace(state_->options, state_->event_file);
    const std::int32_t status =
        state_->Answer(state_->life->server.Start(interop::sessions::api::linked()));
    state_->up = status == INTEROP_SESSIONS_OK;
    if (!state_->up) {
      state_->life.reset();
    }
    return status;
  } catch (const std::exception& failure) {
    state_->error = failure.what();
    state_->life.reset();
    return INTEROP_SESSIONS_INTERNAL;
  }
}

std::int32_t MetaServer::Stop() noexcept {
  if (!state_->up) {
    return INTEROP_SESSIONS_OK;
  }
  state_->up = false;
  return state_->Answer(state_->life->server.Stop());
}

std::uint32_t MetaServer::Port() const noexcept {
  return state_->up ? state_->life->server.master().port().value_or(0) : 0;
}

std::uint32_t MetaServer::Sessions() const noexcept {
  if (!state_->up) {
    return 0;
  }
  const auto count = state_->life->server.ForEachSession([](const session_row&) {});
  return static_cast<std::uint32_t>(count.value_or(0));
}

std::uint64_t MetaServer::MasterEpoch() const noexcept {
  if (!state_->up) {
    return 0;
  }
  const auto leads = state_->life->server.master().leads();
  return leads ? leads->master_epoch : 0;
}

std::uint64_t MetaServer::SessionEpoch(const std::uint8_t* identity,
                                       std::uint32_t size) const noexcept {
  const auto found = state_->Find(TextOf(identity, size));
  return found ? found->info.epoch : 0;
}

std::uint32_t MetaServer::SessionsEnded(std::int32_t reason) const noexcept {
  return state_->life
             ? static_cast<std::uint32_t>(state_->life->server.access_manager().SessionsEnded(
                   static_cast<interop::sessions::end_reason>(reason)))
             : 0;
}

std::int32_t MetaServer::Revoke(const std::uint8_t* identity, std::uint32_t size) noexcept {
  const auto found = state_->Find(TextOf(identity, size));
  if (!found) {
    state_->error = "UNKNOWN_SESSION: " + TextOf(identity, size) + " has none";
    return INTEROP_SESSIONS_UNKNOWN_SESSION;
  }
  return state_->Answer(state_->life->server.master().revoke_session(
      found->info.session_id, found->info.epoch, "asked by the host"));
}

std::uint32_t MetaServer::CopyError(std::uint8_t* buffer, std::uint32_t capacity) const noexcept {
  return CopyText(state_->error, buffer, capacity);
}

}  // namespace harness
