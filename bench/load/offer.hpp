#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "connection.hpp"
#include "histogram.hpp"
#include "loop.hpp"
#include "options.hpp"
#include "peers/peer.hpp"

namespace load {

// What came of calls that were made for some seconds.
struct Offered {
  std::uint64_t made = 0;
  // Due, and not sent: the connections had as many in flight as a master lets each have.
  std::uint64_t held = 0;
  std::uint64_t done = 0;
  std::uint64_t shed = 0;
  // Of those, without a time to ask again.
  std::uint64_t untold = 0;
  std::uint64_t unanswered = 0;
  std::uint64_t other = 0;
  // Of those that were done.
  Histogram times;

  // One line, in this order, with the median and 99 % of the times in milliseconds behind.
  void Print() const;
};

// Clients that no answer holds back: every other call is a create, durable, of another identity;
// every other one reads a page of the list of sessions. With a rate they come whatever becomes of
// those before; without one there are always as many in flight.
class Offer : public Answers {
 public:
  explicit Offer(const Options& options);

  Offered Run();

  void Answered(Ticket ticket) override;
  void Refused(Ticket ticket, const Refusal& refusal) override;

 private:
  // What is in flight on a connection.
  struct Line {
    std::unique_ptr<Connection> connection;
    std::size_t creates = 0;
    std::size_t lists = 0;
  };

  struct Asked {
    std::uint64_t at_ns = 0;
    // Of its line, creates or lists.
    std::size_t* in_flight = nullptr;
  };

  void AskDue(std::uint64_t since_ns, std::uint64_t now_ns);
  // False: no connection may carry one more.
  bool Ask();
  Line* FindLine(bool is_create);
  std::uint64_t End(Ticket ticket);
  std::size_t InFlight() const { return asked_.size() - free_.size(); }

  const Options& options_;
  Loop loop_;
  std::vector<Line> lines_;
  std::size_t next_line_ = 0;
  std::vector<Asked> asked_;
  std::vector<Ticket> free_;
  Offered offered_;
};

}  // namespace load
