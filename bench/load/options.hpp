#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "peers/peer.hpp"

namespace load {

// What bench/run wants of this program; docs/performance.md says what each work is.
struct Options {
  const PeerKind* kind = nullptr;
  std::string work;
  std::uint16_t port = 0;
  pid_t process = 0;
  std::uint32_t term_ms = 60'000;
  std::size_t connections = 1;
  // In flight on each connection.
  std::size_t in_flight = 1;
  // Sessions that a message renews.
  std::size_t batch = 1;
  // Calls a second, whatever becomes of those before; 0: always as many in flight.
  double rate = 0;
  // Of a work that ends by itself.
  std::size_t sessions = 0;
  double warm_up_s = 1;
  double measured_s = 1;
  // How long the peer's memory is given to come to rest.
  double settle_s = 1;

  static Options Read(int count, char** arguments);
};

}  // namespace load
