#pragma once

#include <sys/types.h>

#include <cstdint>

namespace load {

// Of a process, from /proc: user and system time of all its threads, in seconds.
double CpuSeconds(pid_t process);

// The same of all processes of the machine.
double CpuSecondsOfAll();

// Resident memory of a process, in bytes.
std::uint64_t ResidentBytes(pid_t process);

}  // namespace load
