#include "node_server.hpp"

#include "chunk_server_state.hpp"

namespace harness {
namespace {

chunkserver::NodeServer::IscsiSummary SummaryOf(const auto& of) {
  return of.life ? of.life->server.node_server().Summary()
                 : chunkserver::NodeServer::IscsiSummary{};
}

}  // namespace

NodeServer::NodeServer(const ChunkServer& of) noexcept : of_(of.state_) {}

NodeServer::~NodeServer() noexcept = default;

std::uint32_t NodeServer::IscsiSessions() const noexcept {
  return static_cast<std::uint32_t>(SummaryOf(*of_).sessions);
}

std::uint32_t NodeServer::IscsiSessionsAlive() const noexcept {
  return static_cast<std::uint32_t>(SummaryOf(*of_).alive);
}

bool NodeServer::LeaseIsValid() const noexcept { return SummaryOf(*of_).lease_valid; }

std::uint64_t NodeServer::IoServed() const noexcept { return SummaryOf(*of_).served; }

std::uint64_t NodeServer::IoRefused() const noexcept { return SummaryOf(*of_).refused; }

}  // namespace harness
