#include "offer.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "now.hpp"

namespace load {
namespace {

constexpr std::uint32_t page_of_sessions = 100;
// What a connection of session-master carries is 100: beyond that a call would wait on this side.
constexpr std::size_t most_a_connection = 90;
constexpr std::uint64_t patience_ns = 5'000'000'000;
// INTEROP_SESSIONS_OVERLOADED
constexpr int overloaded = 107;
constexpr int turn_ms = 1;

double Ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

}  // namespace

void Offered::Print() const {
  std::printf("%llu %llu %llu %llu %llu %llu %llu %.3f %.3f\n",
              static_cast<unsigned long long>(made), static_cast<unsigned long long>(held),
              static_cast<unsigned long long>(done), static_cast<unsigned long long>(shed),
              static_cast<unsigned long long>(untold), static_cast<unsigned long long>(unanswered),
              static_cast<unsigned long long>(other), Ms(times.Quantile(0.5)),
              Ms(times.Quantile(0.99)));
}

Offer::Offer(const Options& options) : options_(options) {
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(
        loop_, options.port, options.kind->make(*this, options.term_ms)));
  }
}

Offered Offer::Run() {
  const std::uint64_t since_ns = NowNs();
  const std::uint64_t end_ns = since_ns + static_cast<std::uint64_t>(options_.measured_s * 1e9);
  std::uint64_t now_ns = since_ns;
  while (now_ns < end_ns || (InFlight() > 0 && now_ns < end_ns + patience_ns)) {
    if (now_ns < end_ns) {
      AskDue(since_ns, now_ns);
    }
    loop_.Turn(turn_ms);
    now_ns = NowNs();
  }
  offered_.unanswered = InFlight();
  return offered_;
}

void Offer::AskDue(std::uint64_t since_ns, std::uint64_t now_ns) {
  if (options_.rate == 0) {
    while (InFlight() < options_.in_flight) {
      Ask();
    }
    return;
  }
  const auto due = static_cast<std::uint64_t>(Ms(now_ns - since_ns) / 1e3 * options_.rate);
  while (offered_.made + offered_.held < due) {
    if (InFlight() < connections_.size() * most_a_connection) {
      Ask();
    } else {
      ++offered_.held;
    }
  }
}

void Offer::Ask() {
  if (free_.empty()) {
    free_.push_back(static_cast<Ticket>(asked_ns_.size()));
    asked_ns_.push_back(0);
  }
  const Ticket ticket = free_.back();
  free_.pop_back();
  asked_ns_[ticket] = NowNs();
  const std::uint64_t number = ++offered_.made;
  Peer& peer = connections_[number / 2 % connections_.size()]->Verbs();
  if (number % 2 == 0) {
    peer.Create(ticket, "load-" + std::to_string(getpid()) + "-" + std::to_string(number), {});
  } else {
    peer.List(ticket, page_of_sessions);
  }
}

void Offer::Answered(Ticket ticket) {
  ++offered_.done;
  offered_.times.Add(NowNs() - asked_ns_[ticket]);
  free_.push_back(ticket);
}

void Offer::Refused(Ticket ticket, const Refusal& refusal) {
  const bool is_shed = refusal.status == overloaded;
  ++(is_shed ? offered_.shed : offered_.other);
  if (is_shed && refusal.retry_after_ms == 0) {
    ++offered_.untold;
  }
  free_.push_back(ticket);
}

}  // namespace load
