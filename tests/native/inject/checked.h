#pragma once

#include <interop_sessions/interop_sessions.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "inject/report.h"
#include "support/c_values.h"

namespace interop::sessions::tests {

/// What the injector shares with this program; without it, a block of nobody's.
InjectionReport& Shared();

/// How many promises were found broken; each was said when it was.
int Broken();
void Break(const std::string& what);

/// What comes now; the table of the outcomes names a failure by it.
void Stage(const char* name);

/// Said past the injector: it is of this program and not of the library.
void Say(const std::string& line);

/// May a call end so when a resource has failed? Not as a mistake of the caller, who made none, nor as
/// a defect of the library.
bool IsHonest(interop_sessions_status status);

/// One call of the library: what it answers is said, and must be honest.
template <typename Call>
interop_sessions_status Do(const char* name, Call call) {
  Stage(name);
  Error error;
  const interop_sessions_status status = call(static_cast<interop_sessions_error*>(&error));
  if (status != INTEROP_SESSIONS_OK) {
    Say(std::string(name) + ": " + std::to_string(status) + " " + std::string(error.text()));
  }
  if (!IsHonest(status)) {
    Break(std::string(name) + " ended " + std::to_string(status) + ": " +
          std::string(error.text()));
  }
  return status;
}

/// How long a call of the other side may take: not long while resources fail, perhaps for ever; and long
/// enough for a busy machine where it must succeed.
uint32_t TimeoutMs();
void ExpectSuccess(bool is_expected);

/// The same where nothing fails any more.
template <typename Call>
bool Must(const char* name, Call call) {
  ExpectSuccess(true);
  const interop_sessions_status status = Do(name, call);
  ExpectSuccess(false);
  if (status != INTEROP_SESSIONS_OK) {
    Break(std::string(name) + " fails although all resources are back: " + std::to_string(status));
  }
  return status == INTEROP_SESSIONS_OK;
}

}  // namespace interop::sessions::tests
