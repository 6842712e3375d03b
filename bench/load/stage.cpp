#include "stage.hpp"

#include <unistd.h>

#include <utility>

#include "now.hpp"

namespace load {
namespace {

// Each slot dials, creates and renews, as a host that starts does: whoever only dials is no holder yet.
class Arrival : public Work {
 public:
  Arrival(Stage& stage, std::size_t connections, std::size_t sessions)
      : stage_(stage), connections_(connections), sessions_(sessions), created_(slots, nothing) {}

  bool Ask(Ticket slot) override {
    if (created_[slot] != nothing) {
      stage_.At(std::exchange(created_[slot], nothing)).Renew(slot, 0, 0, 1);
      return true;
    }
    if (asked_ == sessions_) {
      return false;
    }
    const std::size_t connection = asked_++ % connections_;
    if (connection == stage_.Count()) {
      stage_.Dial(1);
    }
    created_[slot] = connection;
    stage_.At(connection).Create(slot, stage_.NextIdentity(), {});
    return true;
  }

  // Enough that neither side waits for the disk alone.
  static constexpr std::size_t slots = 64;

 private:
  static constexpr std::size_t nothing = ~std::size_t{0};

  Stage& stage_;
  const std::size_t connections_;
  const std::size_t sessions_;
  std::size_t asked_ = 0;
  // Of each slot the connection that is to renew next.
  std::vector<std::size_t> created_;
};

}  // namespace

Stage::Stage(const Options& given) : options(given), pacing(loop) {}

std::unique_ptr<Connection> Stage::Connect() {
  return std::make_unique<Connection>(loop, options.port,
                                      options.kind->make(pacing, options.term_ms));
}

void Stage::Dial(std::size_t connections) {
  for (std::size_t i = 0; i < connections; ++i) {
    connections_.push_back(Connect());
  }
}

void Stage::Redial(std::size_t index) { connections_.at(index) = Connect(); }

void Stage::Arrive(std::size_t connections, std::size_t a_connection) {
  Arrival arrival(*this, connections, connections * a_connection);
  pacing.RunAll(arrival, Arrival::slots);
}

std::string Stage::NextIdentity() {
  return "bench-" + std::to_string(getpid()) + "-" + std::to_string(++last_identity_);
}

void Stage::Idle(double seconds) {
  const std::uint64_t end_ns = NowNs() + static_cast<std::uint64_t>(seconds * 1e9);
  while (NowNs() < end_ns) {
    loop.Turn(100);
  }
}

}  // namespace load
