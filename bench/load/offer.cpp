#include "offer.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "now.hpp"

namespace load {
namespace {

constexpr std::uint32_t page_of_sessions = 100;
// A connection of session-master carries 100 streams, of which 4 may be lists: one that asks for
// more again and again is closed.
constexpr std::size_t most_creates_a_connection = 90;
constexpr std::size_t most_lists_a_connection = 4;
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
    lines_.push_back({std::make_unique<Connection>(loop_, options.port,
                                                   options.kind->make(*this, options.term_ms))});
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
    while (InFlight() < options_.in_flight && Ask()) {
    }
    return;
  }
  const auto due = static_cast<std::uint64_t>(Ms(now_ns - since_ns) / 1e3 * options_.rate);
  while (offered_.made + offered_.held < due) {
    if (!Ask()) {
      ++offered_.held;
    }
  }
}

bool Offer::Ask() {
  const bool is_create = (offered_.made + offered_.held) % 2 == 0;
  Line* const line = FindLine(is_create);
  if (line == nullptr) {
    return false;
  }
  if (free_.empty()) {
    free_.push_back(static_cast<Ticket>(asked_.size()));
    asked_.emplace_back();
  }
  const Ticket ticket = free_.back();
  free_.pop_back();
  asked_[ticket] = {NowNs(), is_create ? &line->creates : &line->lists};
  ++*asked_[ticket].in_flight;
  ++offered_.made;
  Peer& peer = line->connection->Verbs();
  if (is_create) {
    peer.Create(ticket, "load-" + std::to_string(getpid()) + "-" + std::to_string(offered_.made),
                {});
  } else {
    peer.List(ticket, page_of_sessions);
  }
  return true;
}

Offer::Line* Offer::FindLine(bool is_create) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Line& line = lines_[next_line_++ % lines_.size()];
    if (is_create ? line.creates < most_creates_a_connection
                  : line.lists < most_lists_a_connection) {
      return &line;
    }
  }
  return nullptr;
}

std::uint64_t Offer::End(Ticket ticket) {
  free_.push_back(ticket);
  --*asked_[ticket].in_flight;
  return NowNs() - asked_[ticket].at_ns;
}

void Offer::Answered(Ticket ticket) {
  ++offered_.done;
  offered_.times.Add(End(ticket));
}

void Offer::Refused(Ticket ticket, const Refusal& refusal) {
  End(ticket);
  const bool is_shed = refusal.status == overloaded;
  ++(is_shed ? offered_.shed : offered_.other);
  if (is_shed && refusal.retry_after_ms == 0) {
    ++offered_.untold;
  }
}

}  // namespace load
