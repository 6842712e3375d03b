#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connection.hpp"
#include "loop.hpp"
#include "options.hpp"
#include "pacing.hpp"

namespace load {

// The connections of a run to its peer.
class Stage {
 public:
  explicit Stage(const Options& options);

  void Dial(std::size_t connections);
  // The connection ends, and another one takes its place.
  void Redial(std::size_t index);
  void HangUp() { connections_.clear(); }

  // Dials, and makes so many sessions over each connection.
  void Arrive(std::size_t connections, std::size_t a_connection);
  // As one host's: no other session has it.
  std::string NextIdentity();

  // Lets time pass; what peers send is answered.
  void Idle(double seconds);

  Peer& At(std::size_t index) { return connections_.at(index)->Verbs(); }
  std::size_t Count() const { return connections_.size(); }

  const Options& options;
  Loop loop;
  Pacing pacing;

 private:
  std::unique_ptr<Connection> Connect();

  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t last_identity_ = 0;
};

}  // namespace load
