#pragma once

#include <string>

#include "pacing.hpp"
#include "stage.hpp"

namespace load {

// Renewals: each slot is a place in flight on a connection, with sessions of its own.
class Renewals : public Work {
 public:
  explicit Renewals(Stage& stage) : stage_(stage) {}

  bool Ask(Ticket slot) override;

 private:
  Stage& stage_;
};

// Creates, each slot over a connection of its own; where a session is its connection, a new one.
class Creates : public Work {
 public:
  // `most`: after so many there is no more to ask; 0: it goes on.
  Creates(Stage& stage, std::string value, std::size_t most = 0)
      : stage_(stage), value_(std::move(value)), most_(most) {}

  bool Ask(Ticket slot) override;

 private:
  Stage& stage_;
  const std::string value_;
  const std::size_t most_;
  std::size_t asked_ = 0;
};

// One item of 100 bytes for each slot, whose connection has one session, is set again and again.
class Items : public Work {
 public:
  explicit Items(Stage& stage) : stage_(stage) {}

  bool Ask(Ticket slot) override;

 private:
  Stage& stage_;
  std::size_t asked_ = 0;
};

constexpr std::size_t item_bytes = 100;

}  // namespace load
