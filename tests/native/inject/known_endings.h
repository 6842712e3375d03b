#pragma once

#include <array>

#include "inject/trial.h"

namespace interop::sessions::tests {

/// What no code of the product can prevent: named here, with the reason, and nowhere else tolerated.
struct KnownEnding {
  const char* program;  // of an Injection
  const char* call;
  Outcome::Kind kind;
  const char* stage;  // in which the call failed
  const char* said;  // by the process, or by the runtime for it; "": whatever; kNothing: not a word
  const char* reason;
};

inline constexpr const char* kNothing = nullptr;

inline constexpr std::array kKnownEndings = {
    KnownEnding{"both sides", "mmap", Outcome::Kind::kCrashed, "initialize", "",
                "the runtime reserves its heap before any code of ours runs, and ends the process"},
    KnownEnding{
        "both sides", "mprotect", Outcome::Kind::kCrashed, "initialize", "",
        "the runtime makes its first heap before any code of ours runs, and ends the process"},
    KnownEnding{
        "both sides", "epoll_create", Outcome::Kind::kBroken, "initialize", "type initializer",
        ".NET never tries again to make the thread of its sockets; that there is a descriptor "
        "for it was looked at just before, so this takes another thread in between"},
    KnownEnding{"session-master", "mmap", Outcome::Kind::kCrashed, "its start", "",
                "as on both sides"},
    KnownEnding{"session-master", "mmap", Outcome::Kind::kBroken, "its start", kNothing,
                "as on both sides, and without a word"},
    KnownEnding{"session-master", "pthread_create", Outcome::Kind::kBroken, "its start", kNothing,
                "the runtime's finalizers, before any code of ours"},
    KnownEnding{"session-master", "pthread_create", Outcome::Kind::kCrashed, "its start",
                "thread pool Gate thread", "the program's first step; it has promised nothing yet"},
    KnownEnding{
        "session-master", "pthread_create", Outcome::Kind::kCrashed, "its life",
        "PosixSignalRegistration.OnPosixSignal",
        "the runtime makes a thread for SIGTERM when it comes, whatever is registered and however "
        "early (only other signals go to its pool): the stop is not clean"},
};

}  // namespace interop::sessions::tests
