#include "access_handler.hpp"

#include "chunk_server_state.hpp"
#include "text.hpp"

namespace harness {
namespace {

chunkserver::AccessHandler::Account AccountOf(const auto& of) {
  return of.life ? of.life->server.access_handler().Sessions()
                 : chunkserver::AccessHandler::Account{};
}

}  // namespace

AccessHandler::AccessHandler(const ChunkServer& of) noexcept : of_(of.state_) {}

AccessHandler::~AccessHandler() noexcept = default;

std::uint64_t AccessHandler::SessionsCreated() const noexcept { return AccountOf(*of_).created; }

std::uint64_t AccessHandler::SessionsLost() const noexcept { return AccountOf(*of_).lost; }

std::uint64_t AccessHandler::AttemptsFailed() const noexcept { return AccountOf(*of_).failed; }

std::uint32_t AccessHandler::CopyLastFailure(std::uint8_t* buffer,
                                             std::uint32_t capacity) const noexcept {
  return CopyText(AccountOf(*of_).last_failure, buffer, capacity);
}

std::uint64_t AccessHandler::CreatedEpoch() const noexcept {
  return AccountOf(*of_).last_created.epoch;
}

std::uint64_t AccessHandler::GrantedCapabilities() const noexcept {
  return AccountOf(*of_).last_created.capabilities;
}

std::uint64_t AccessHandler::LostEpoch() const noexcept { return AccountOf(*of_).last_lost.epoch; }

std::int32_t AccessHandler::LostReason() const noexcept {
  return static_cast<std::int32_t>(AccountOf(*of_).last_lost.end_reason);
}

}  // namespace harness
