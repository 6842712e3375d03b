#pragma once

#include <cstdint>
#include <vector>

#include "histogram.hpp"
#include "loop.hpp"
#include "peers/peer.hpp"

namespace load {

// What is asked over and over.
class Work {
 public:
  virtual ~Work() = default;
  // Asks once more, with the slot as its ticket; false: there is no more to ask.
  virtual bool Ask(Ticket slot) = 0;
};

// Keeps one operation in flight for each slot.
class Pacing : public Answers {
 public:
  explicit Pacing(Loop& loop) : loop_(loop) {}

  // Until the work has no more to ask, and all is answered.
  void RunAll(Work& work, std::size_t slots);

  // Asks for each slot, and goes on asking while Run runs.
  void Begin(Work& work, std::size_t slots);
  void Run(double seconds);

  void Answered(Ticket slot) override { answered_.push_back(slot); }

  // Since the last time that this was called.
  Histogram TakeTimes();

 private:
  void Ask(Ticket slot);
  void Turn();

  Loop& loop_;
  Work* work_ = nullptr;
  std::size_t in_flight_ = 0;
  std::vector<std::uint64_t> asked_ns_;
  std::vector<Ticket> answered_;
  std::vector<Ticket> taken_;
  Histogram times_;
};

}  // namespace load
