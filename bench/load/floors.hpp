#pragma once

#include <string>

namespace load {

// What nothing here can be faster than: a write that is durable in `folder`, a read of the clock, a
// virtual call. One line of JSON.
void PrintFloors(const std::string& folder);

}  // namespace load
