// Interop.Sessions for C++17 and later: the whole C ABI of interop_sessions.h, which stays the manual of
// what each call means. This header adds ownership, types and callables, at the cost of an indirect call.
//
// Ownership  library, master, follower_manager, follower, registration and operation own one object
//            each: they move but do not copy, and their destructors end it. A moved-from owner may
//            only be assigned or destroyed. Declare library, then follower_manager, then follower:
//            C++ destroys them in the right order. A callable lives until the library can no longer
//            call it, whatever the order was.
// Errors     Calls answer result<T>: std::expected<T, error> where the standard library has it. The
//            API throws nothing but std::bad_alloc, and value() of a result that has none.
// Callables  Anything callable, lambdas included. An exception that leaves one is caught, told to
//            library_options::callback_failed, and goes no further.
// Forms      Each call to the master is there once. Its last arguments say how it is waited for:
//            blocking, until a std::stop_token stops, by completion, std::future or co_await; see
//            follower.hpp. with_futures() and with_coroutines() are views that say it for all calls.
//            stop.hpp joins several reasons to stop. task.hpp, which is not included here, has a
//            coroutine type for programs that have none.
// Standards  C++17 has no stop tokens and no coroutines. -fno-exceptions and -fno-rtti are supported.
// Threads    Every function may be called from any thread at once, but an owner must not be moved,
//            assigned or destroyed while another thread uses it. On which thread a callable runs is
//            stated beside it.
// Linking    Programs link libinterop_sessions.so, or they load it:
//
//              auto functions = interop::sessions::api::load("libinterop_sessions.so.1");
//              auto library = interop::sessions::library::initialize({}, *functions);
#pragma once

#if __cplusplus < 201703L
#include "detail/standard.hpp"  // says so, and all that the others could add is noise
#else
#include "access_manager.hpp"
#include "events.hpp"
#include "follower_manager.hpp"
#include "futures.hpp"
#include "io_gate.hpp"
#include "master.hpp"
#include "names.hpp"
#include "stop.hpp"
#ifdef __cpp_impl_coroutine
#include "coroutines.hpp"
#endif
#endif
