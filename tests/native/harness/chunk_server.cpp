#include "chunk_server.hpp"

#include <exception>

#include "chunk_server_state.hpp"
#include "text.hpp"

namespace harness {

ChunkServer::ChunkServer() noexcept : state_(new State) {}

ChunkServer::~ChunkServer() noexcept { delete state_; }

void ChunkServer::SetIdentity(const std::uint8_t* text, std::uint32_t size) noexcept {
  state_->options.identity = TextOf(text, size);
}

void ChunkServer::SetMaster(const std::uint8_t* text, std::uint32_t size) noexcept {
  state_->options.masters = {TextOf(text, size)};
}

void ChunkServer::SetIscsiEndpoint(const std::uint8_t* text, std::uint32_t size) noexcept {
  state_->options.iscsi_endpoint = TextOf(text, size);
}

void ChunkServer::SetIscsiSessions(std::uint32_t count) noexcept {
  state_->options.iscsi_sessions = count;
}

void ChunkServer::SetTermMs(std::uint32_t term_ms) noexcept { state_->options.term_ms = term_ms; }

void ChunkServer::SetCreateTimeoutMs(std::uint32_t timeout_ms) noexcept {
  state_->options.create_timeout_ms = timeout_ms;
}

void ChunkServer::SetStayLost(bool stay_lost) noexcept { state_->options.stay_lost = stay_lost; }

void ChunkServer::SetEventFile(const std::uint8_t* path, std::uint32_t size) noexcept {
  state_->event_file = TextOf(path, size);
}

std::int32_t ChunkServer::Start() noexcept {
  state_->error.clear();
  try {
    state_->life.reset();
    state_->options.trust.insecure = interop::sessions::insecure_peers::loopback;
    state_->options.time_origin_ns = interop_sessions_now_ns();
    state_->life.emplace(state_->options, state_->event_file);
    const auto started = state_->life->server.Start(interop::sessions::api::linked());
    if (!started) {
      state_->error = TextOf(started.error());
      state_->life.reset();
      return static_cast<std::int32_t>(started.error().status);
    }
    return INTEROP_SESSIONS_OK;
  } catch (const std::exception& failure) {
    state_->error = failure.what();
    state_->life.reset();
    return INTEROP_SESSIONS_INTERNAL;
  }
}

void ChunkServer::Stop() noexcept {
  if (state_->life) {
    state_->life->server.Stop();
  }
}

std::int32_t ChunkServer::SessionState() const noexcept {
  return static_cast<std::int32_t>(state_->life ? state_->life->server.Session().state
                                                : INTEROP_SESSIONS_STATE_NONE);
}

std::uint64_t ChunkServer::SessionEpoch() const noexcept {
  return state_->life ? state_->life->server.Session().epoch : 0;
}

std::uint32_t ChunkServer::SessionTermMs() const noexcept {
  return state_->life ? state_->life->server.Session().term_ms : 0;
}

std::uint64_t ChunkServer::MasterEpoch() const noexcept {
  return state_->life ? state_->life->server.Session().master_epoch : 0;
}

bool ChunkServer::GaveUp() const noexcept { return state_->life && state_->life->gave_up; }

std::uint32_t ChunkServer::CopyError(std::uint8_t* buffer, std::uint32_t capacity) const noexcept {
  return CopyText(state_->error, buffer, capacity);
}

}  // namespace harness
