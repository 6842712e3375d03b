#pragma once

#include "fuzz/arguments.h"
#include "fuzz/world.h"

namespace interop::sessions::fuzz {

/// Looks at what a call has done, and lets libFuzzer know of the answer.
interop_sessions_status Finish(Arguments& arguments, const char* function,
                               interop_sessions_status status);

/// What a call is given beside its arguments: its user_data, and whether it has a release and a place for its handle.
struct Asynchronous {
  Asynchronous(Arguments& arguments, const char* function);

  /// The call has returned.
  void Finish(interop_sessions_status status);

  Arguments& arguments;
  const char* function;
  Ticket* ticket;
  interop_sessions_release_cb release;
  interop_sessions_operation* operation;
  interop_sessions_error* error;
};

void Released(void* user_data);

/// One of their functions, as the input says.
void CallLibrary(Arguments& arguments);
void CallMaster(Arguments& arguments);
void CallFollower(Arguments& arguments);
void CallItems(Arguments& arguments);
void CallOthers(Arguments& arguments);

interop_sessions_server_description* Description(Arguments& arguments);

/// Of files that are not there: what it says is refused, sooner or later.
interop_sessions_tls_options* Tls(Arguments& arguments);

}  // namespace interop::sessions::fuzz
