// ZooKeeper: a session is a connection's, and its entry an ephemeral node.
// https://github.com/apache/zookeeper/blob/branch-3.8/zookeeper-jute/src/main/resources/zookeeper.jute

#include <deque>
#include <string>

#include "peers/jute.hpp"
#include "peers/peer.hpp"

namespace load {
namespace {

enum class Verb : std::int32_t { create = 1, set_data = 5, ping = 11 };

constexpr std::int32_t ping_xid = -2;
constexpr std::int32_t ephemeral = 1;
constexpr std::int32_t all_permissions = 31;
constexpr std::int32_t any_version = -1;
constexpr std::size_t length_bytes = 4;

class ZooKeeperPeer : public Peer {
 public:
  ZooKeeperPeer(Answers& answers, std::uint32_t term_ms) : answers_(answers), term_ms_(term_ms) {}

  void Received(std::string_view bytes) override {
    incoming_.append(bytes);
    std::string_view rest = incoming_;
    while (rest.size() >= length_bytes) {
      const auto size = JuteReader(rest).Get<std::uint32_t>();
      if (rest.size() < length_bytes + size) {
        break;
      }
      TakeReply(rest.substr(length_bytes, size));
      rest.remove_prefix(length_bytes + size);
    }
    incoming_.erase(0, incoming_.size() - rest.size());
  }

  void Send(std::string& out) override {
    out.append(outgoing_);
    outgoing_.clear();
  }

  void Create(Ticket ticket, const std::string& identity, std::string_view value) override {
    ticket_of_connect_ = ticket;
    path_ = "/" + identity;
    value_ = value.empty() ? identity : value;
    const std::string no_password(16, '\0');
    Frame(JuteWriter()
              .Put(std::int32_t{0})  // version
              .Put(std::int64_t{0})  // last zxid seen
              .Put(static_cast<std::int32_t>(term_ms_))
              .Put(std::int64_t{0})  // a new session
              .Put(std::string_view(no_password))
              .Put(std::int8_t{0}));  // not read only
  }

  void Renew(Ticket ticket, std::size_t, std::size_t, std::size_t) override {
    Ask(ticket, JuteWriter().Put(ping_xid).Put(static_cast<std::int32_t>(Verb::ping)));
  }

  void SetItem(Ticket ticket, std::size_t, std::string_view value) override {
    Ask(ticket, Header(Verb::set_data).Put(std::string_view(path_)).Put(value).Put(any_version));
  }

 private:
  JuteWriter Header(Verb verb) {
    return JuteWriter().Put(++last_xid_).Put(static_cast<std::int32_t>(verb));
  }

  void Frame(const JuteWriter& request) {
    outgoing_.append(JuteWriter().Put(static_cast<std::int32_t>(request.Text().size())).Text());
    outgoing_.append(request.Text());
  }

  // Answers come in the order of the requests.
  void Ask(Ticket ticket, const JuteWriter& request) {
    waiting_.push_back(ticket);
    Frame(request);
  }

  void TakeReply(std::string_view reply) {
    JuteReader reader(reply);
    if (!is_connected_) {
      reader.Get<std::int32_t>();  // version
      if (reader.Get<std::int32_t>() != static_cast<std::int32_t>(term_ms_)) {
        throw Failure("ZooKeeper grants another time-out than was asked for");
      }
      is_connected_ = true;
      Ask(ticket_of_connect_, Header(Verb::create)
                                  .Put(std::string_view(path_))
                                  .Put(std::string_view(value_))
                                  .Put(std::int32_t{1})  // one entry in the list of rights
                                  .Put(all_permissions)
                                  .Put(std::string_view("world"))
                                  .Put(std::string_view("anyone"))
                                  .Put(ephemeral));
      return;
    }
    reader.Get<std::int32_t>();  // xid
    reader.Get<std::int64_t>();  // zxid
    if (const auto error = reader.Get<std::int32_t>(); error != 0) {
      throw Failure("ZooKeeper answered with error " + std::to_string(error));
    }
    answers_.Answered(waiting_.front());
    waiting_.pop_front();
  }

  Answers& answers_;
  const std::uint32_t term_ms_;
  std::string path_;
  std::string value_;
  Ticket ticket_of_connect_ = 0;
  bool is_connected_ = false;
  std::int32_t last_xid_ = 0;
  std::deque<Ticket> waiting_;
  std::string incoming_;
  std::string outgoing_;
};

}  // namespace

// Its pings need no stream: any number of them may be on the way.
const PeerKind zookeeper_kind{"zookeeper", true, 1000, 1,
                              [](Answers& answers, std::uint32_t term_ms) -> std::unique_ptr<Peer> {
                                return std::make_unique<ZooKeeperPeer>(answers, term_ms);
                              }};

}  // namespace load
