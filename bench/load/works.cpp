#include "works.hpp"

namespace load {

bool Renewals::Ask(Ticket slot) {
  const Options& options = stage_.options;
  const std::size_t place = slot % options.in_flight;
  stage_.At(slot / options.in_flight)
      .Renew(slot, place % options.kind->most_lanes, place * options.batch, options.batch);
  return true;
}

bool Creates::Ask(Ticket slot) {
  if (most_ > 0 && asked_ == most_) {
    return false;
  }
  ++asked_;
  if (stage_.options.kind->is_one_session_a_connection) {
    stage_.Redial(slot);
  }
  stage_.At(slot).Create(slot, stage_.NextIdentity(), value_);
  return true;
}

bool Items::Ask(Ticket slot) {
  std::string value = std::to_string(++asked_);
  value.resize(item_bytes, '.');
  stage_.At(slot).SetItem(slot, 0, value);
  return true;
}

}  // namespace load
