// session-master: src/Protocol/sessions.proto.

#include <deque>
#include <string>
#include <vector>

#include "peers/grpc_connection.hpp"
#include "peers/peer.hpp"
#include "peers/protobuf.hpp"

namespace load {
namespace {

class SessionsPeer : public Peer {
 public:
  SessionsPeer(Answers& answers, std::uint32_t term_ms) : answers_(answers), term_ms_(term_ms) {}

  void Received(std::string_view bytes) override { grpc_.Received(bytes); }
  void Send(std::string& out) override { grpc_.Send(out); }

  void Create(Ticket ticket, const std::string& identity, std::string_view value) override {
    ProtobufWriter description;
    description.Bytes(1, identity).Bytes(2, "bench").Varint(5, term_ms_);
    ProtobufWriter request;
    request.Bytes(1, description.Text()).Fixed64(2, std::hash<std::string>()(identity) | 1);
    // Stands for the hash of a secret, of which the master only wants to know how long it is.
    request.Bytes(5, std::string(16, 'h'));
    if (!value.empty()) {
      request.Bytes(4, ProtobufWriter().Bytes(1, item_key).Bytes(2, value).Text());
    }
    grpc_.Ask(
        Path("CreateSession"), request.Text(),
        [this, ticket](std::string_view reply) { Created(ticket, reply); }, ToRefused(ticket));
  }

  void Renew(Ticket ticket, std::size_t lane, std::size_t first, std::size_t count) override {
    while (lanes_.size() <= lane) {
      lanes_.push_back(std::make_unique<Lane>());
      Lane& made = *lanes_.back();
      made.stream = &grpc_.Open(Path("KeepAlive"),
                                [this, &made](std::string_view reply) { Renewed(made, reply); });
    }
    ProtobufWriter request;
    request.Varint(1, ++last_batch_);
    for (std::size_t i = first; i < first + count; ++i) {
      request.Bytes(2, sessions_.at(i).key);
    }
    lanes_[lane]->waiting.push_back({ticket, count});
    grpc_.Write(*lanes_[lane]->stream, request.Text());
  }

  void SetItem(Ticket ticket, std::size_t index, std::string_view value) override {
    Session& session = sessions_.at(index);
    // A follower numbers its writes, so that a copy of one is harmless.
    const std::uint64_t number = ++session.writes;
    ProtobufWriter request;
    request.Bytes(1, session.key).Bytes(2, item_key).Bytes(3, value);
    request.Bytes(5, ProtobufWriter().Varint(1, number).Varint(2, number).Text());
    grpc_.Ask(Path("SetItem"), request.Text(),
              [this, ticket](std::string_view) { answers_.Answered(ticket); });
  }

  void List(Ticket ticket, std::uint32_t most) override {
    grpc_.Ask(
        "/interop.sessions.v1.Administration/ListSessions", ProtobufWriter().Varint(2, most).Text(),
        [this, ticket](std::string_view) { answers_.Answered(ticket); }, ToRefused(ticket));
  }

 private:
  struct Session {
    std::string key;
    std::uint64_t writes = 0;
  };

  // What is asked over a stream is answered in order; what must be durable first, in a part behind.
  struct Waiting {
    Ticket ticket;
    std::size_t renewals;
  };

  struct Lane {
    GrpcConnection::Call* stream = nullptr;
    std::deque<Waiting> waiting;
  };

  static constexpr std::string_view item_key = "state";

  static std::string Path(const char* method) {
    return std::string("/interop.sessions.v1.Sessions/") + method;
  }

  GrpcConnection::OnRefusal ToRefused(Ticket ticket) {
    return [this, ticket](const Refusal& refusal) { answers_.Refused(ticket, refusal); };
  }

  void Created(Ticket ticket, std::string_view reply) {
    ProtobufWriter key;
    for (ProtobufReader reader(reply); reader.Next();) {
      if (reader.Field() == 1 || reader.Field() == 3) {
        key.Fixed64(reader.Field(), reader.Number());
      } else if (reader.Field() == 2) {
        key.Varint(2, reader.Number());
      }
    }
    sessions_.push_back({key.Text()});
    answers_.Answered(ticket);
  }

  void Renewed(Lane& lane, std::string_view reply) {
    for (ProtobufReader reader(reply); reader.Next();) {
      if (reader.Field() == 3) {
        CheckRenewal(reader.Bytes());
        --lane.waiting.front().renewals;
      }
    }
    if (lane.waiting.front().renewals == 0) {
      answers_.Answered(lane.waiting.front().ticket);
      lane.waiting.pop_front();
    }
  }

  static void CheckRenewal(std::string_view renewal) {
    for (ProtobufReader reader(renewal); reader.Next();) {
      if (reader.Field() == 4 && reader.Number() != 0) {
        throw Failure("session-master answered a renewal with status " +
                      std::to_string(reader.Number()));
      }
    }
  }

  Answers& answers_;
  const std::uint32_t term_ms_;
  GrpcConnection grpc_;
  std::vector<Session> sessions_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::uint64_t last_batch_ = 0;
};

}  // namespace

// Limits.MaxKeepAliveStreamsPerConnection is 8; a follower's process has one.
const PeerKind sessions_kind{"sessions", false, 8, 4000,
                             [](Answers& answers, std::uint32_t term_ms) -> std::unique_ptr<Peer> {
                               return std::make_unique<SessionsPeer>(answers, term_ms);
                             }};

}  // namespace load
