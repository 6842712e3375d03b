// The floor: a server that sends back what it gets (echo_server.cpp), asked by the same loop.

#include <deque>
#include <string>

#include "peers/peer.hpp"

namespace load {
namespace {

// As many as a renewal has on the wire.
constexpr std::size_t message_bytes = 48;

class EchoPeer : public Peer {
 public:
  explicit EchoPeer(Answers& answers) : answers_(answers) {}

  void Received(std::string_view bytes) override {
    for (received_ += bytes.size(); received_ >= message_bytes; received_ -= message_bytes) {
      answers_.Answered(waiting_.front());
      waiting_.pop_front();
    }
  }

  void Send(std::string& out) override {
    out.append(unsent_ * message_bytes, 'x');
    unsent_ = 0;
  }

  void Create(Ticket ticket, const std::string&, std::string_view) override { Ask(ticket); }
  void Renew(Ticket ticket, std::size_t, std::size_t, std::size_t) override { Ask(ticket); }
  void SetItem(Ticket ticket, std::size_t, std::string_view) override { Ask(ticket); }

 private:
  void Ask(Ticket ticket) {
    ++unsent_;
    waiting_.push_back(ticket);
  }

  Answers& answers_;
  std::size_t received_ = 0;
  std::size_t unsent_ = 0;
  std::deque<Ticket> waiting_;
};

}  // namespace

const PeerKind echo_kind{"echo", true, 1000, 1,
                         [](Answers& answers, std::uint32_t) -> std::unique_ptr<Peer> {
                           return std::make_unique<EchoPeer>(answers);
                         }};

}  // namespace load
