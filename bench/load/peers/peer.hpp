#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "failure.hpp"

namespace load {

// Which operation is answered: whoever asks chooses it.
using Ticket = std::uint32_t;

// What a peer says in the place of an answer.
struct Refusal {
  // Of the peer's own numbers; 0: it named none.
  int status = 0;
  // 0: the peer did not say when to ask again.
  std::uint32_t retry_after_ms = 0;
  std::string text;
};

// Hears of answers.
class Answers {
 public:
  virtual ~Answers() = default;
  virtual void Answered(Ticket ticket) = 0;
  // Where no refusal is expected, it ends the run.
  virtual void Refused(Ticket, const Refusal& refusal) { throw Failure(refusal.text); }
};

// A peer's verbs as bytes, for one connection and the sessions that were made over it.
class Peer {
 public:
  virtual ~Peer() = default;

  // Takes in what has come.
  virtual void Received(std::string_view bytes) = 0;
  // Appends what is to be sent.
  virtual void Send(std::string& out) = 0;

  // Durable: a session, and with it an entry of the value that is gone with the session.
  virtual void Create(Ticket ticket, const std::string& identity, std::string_view value) = 0;
  // Of `count` sessions from `first` on, in one message over the stream `lane`.
  virtual void Renew(Ticket ticket, std::size_t lane, std::size_t first, std::size_t count) = 0;
  // Durable: another value of the entry of a session.
  virtual void SetItem(Ticket ticket, std::size_t session, std::string_view value) = 0;
  // A page of all sessions, of so many at most.
  virtual void List(Ticket, std::uint32_t) { throw Failure("this peer has no list of sessions"); }
};

// What a run has to know of a kind of peers.
struct PeerKind {
  std::string_view name;
  // A session is its connection: each further one needs another.
  bool is_one_session_a_connection;
  // Streams of a connection; beyond, renewals share them.
  std::size_t most_lanes;
  std::size_t most_in_a_batch;
  std::unique_ptr<Peer> (*make)(Answers& answers, std::uint32_t term_ms);
};

extern const PeerKind sessions_kind;
extern const PeerKind etcd_kind;
extern const PeerKind zookeeper_kind;
extern const PeerKind echo_kind;

}  // namespace load
