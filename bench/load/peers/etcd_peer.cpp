// etcd: a session is a lease and a key that hangs on it.
// https://github.com/etcd-io/etcd/blob/release-3.4/etcdserver/etcdserverpb/rpc.proto

#include <deque>
#include <string>
#include <vector>

#include "peers/grpc_connection.hpp"
#include "peers/peer.hpp"
#include "peers/protobuf.hpp"

namespace load {
namespace {

class EtcdPeer : public Peer {
 public:
  EtcdPeer(Answers& answers, std::uint32_t term_ms) : answers_(answers), term_s_(term_ms / 1000) {}

  void Received(std::string_view bytes) override { grpc_.Received(bytes); }
  void Send(std::string& out) override { grpc_.Send(out); }

  void Create(Ticket ticket, const std::string& identity, std::string_view value) override {
    grpc_.Ask("/etcdserverpb.Lease/LeaseGrant", ProtobufWriter().Varint(1, term_s_).Text(),
              [this, ticket, identity, text = std::string(value)](std::string_view reply) {
                const std::uint64_t lease = Number(reply, 2);
                Put(identity, text.empty() ? identity : text, lease,
                    [this, ticket, identity, lease] {
                      sessions_.push_back({identity, lease});
                      answers_.Answered(ticket);
                    });
              });
  }

  void Renew(Ticket ticket, std::size_t lane, std::size_t first, std::size_t) override {
    while (lanes_.size() <= lane) {
      lanes_.push_back(std::make_unique<Lane>());
      Lane& made = *lanes_.back();
      made.stream = &grpc_.Open("/etcdserverpb.Lease/LeaseKeepAlive",
                                [this, &made](std::string_view reply) { Renewed(made, reply); });
    }
    lanes_[lane]->waiting.push_back(ticket);
    grpc_.Write(*lanes_[lane]->stream,
                ProtobufWriter().Varint(1, sessions_.at(first).lease).Text());
  }

  void SetItem(Ticket ticket, std::size_t index, std::string_view value) override {
    const Session& session = sessions_.at(index);
    Put(session.key, value, session.lease, [this, ticket] { answers_.Answered(ticket); });
  }

 private:
  struct Session {
    std::string key;
    std::uint64_t lease;
  };

  struct Lane {
    GrpcConnection::Call* stream = nullptr;
    std::deque<Ticket> waiting;
  };

  static std::uint64_t Number(std::string_view reply, unsigned field) {
    for (ProtobufReader reader(reply); reader.Next();) {
      if (reader.Field() == field) {
        return reader.Number();
      }
    }
    return 0;
  }

  template <class Done>
  void Put(const std::string& key, std::string_view value, std::uint64_t lease, Done done) {
    grpc_.Ask("/etcdserverpb.KV/Put",
              ProtobufWriter().Bytes(1, key).Bytes(2, value).Varint(3, lease).Text(),
              [done](std::string_view) { done(); });
  }

  void Renewed(Lane& lane, std::string_view reply) {
    if (Number(reply, 3) == 0) {
      throw Failure("etcd answered a keep-alive: the lease has expired");
    }
    answers_.Answered(lane.waiting.front());
    lane.waiting.pop_front();
  }

  Answers& answers_;
  const std::uint32_t term_s_;
  GrpcConnection grpc_;
  std::vector<Session> sessions_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace

const PeerKind etcd_kind{"etcd", false, 1000, 1,
                         [](Answers& answers, std::uint32_t term_ms) -> std::unique_ptr<Peer> {
                           return std::make_unique<EtcdPeer>(answers, term_ms);
                         }};

}  // namespace load
