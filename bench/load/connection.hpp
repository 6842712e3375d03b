#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "peers/peer.hpp"

namespace load {

class Loop;

// A TCP connection over loopback, and the peer that it leads to.
class Connection {
 public:
  Connection(Loop& loop, std::uint16_t port, std::unique_ptr<Peer> peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // For a verb: what it makes is sent at the loop's next turn.
  Peer& Verbs();

  void Receive();
  void Flush();

  // The loop's own mark.
  bool is_touched = false;

 private:
  Loop& loop_;
  const int socket_;
  std::unique_ptr<Peer> peer_;
  std::string outgoing_;
  bool awaits_room_ = false;
};

}  // namespace load
