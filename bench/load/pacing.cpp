#include "pacing.hpp"

#include <utility>

#include "failure.hpp"
#include "now.hpp"

namespace load {
namespace {

// Longer than any peer takes for one answer, at any load here.
constexpr int patience_ms = 20'000;

}  // namespace

void Pacing::Begin(Work& work, std::size_t slots) {
  work_ = &work;
  asked_ns_.resize(slots);
  for (Ticket slot = 0; slot < slots; ++slot) {
    Ask(slot);
  }
}

void Pacing::RunAll(Work& work, std::size_t slots) {
  Begin(work, slots);
  while (in_flight_ > 0) {
    Turn();
  }
}

void Pacing::Run(double seconds) {
  const std::uint64_t end_ns = NowNs() + static_cast<std::uint64_t>(seconds * 1e9);
  while (NowNs() < end_ns) {
    Turn();
  }
}

Histogram Pacing::TakeTimes() { return std::exchange(times_, Histogram()); }

void Pacing::Ask(Ticket slot) {
  asked_ns_[slot] = NowNs();
  if (work_->Ask(slot)) {
    ++in_flight_;
  }
}

void Pacing::Turn() {
  const std::uint64_t since_ns = NowNs();
  loop_.Turn(patience_ms);
  taken_.clear();
  taken_.swap(answered_);
  const std::uint64_t now_ns = NowNs();
  if (taken_.empty() && now_ns - since_ns > patience_ms * 1'000'000ull) {
    throw Failure("the peer has not answered for 20 s");
  }
  for (const Ticket slot : taken_) {
    times_.Add(now_ns - asked_ns_[slot]);
    --in_flight_;
    Ask(slot);
  }
}

}  // namespace load
