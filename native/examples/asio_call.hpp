#pragma once

#include <asio.hpp>
#include <interop_sessions/interop_sessions.hpp>
#include <memory>
#include <stop_token>
#include <utility>

namespace examples {

// A call of a follower as an asynchronous operation of asio, for every completion token: use_awaitable,
// use_future, a lambda. `begin(completion, stop)` begins it, with a completion. The
// handler runs on its own executor, with a result<T>; asio's cancellation, as by operator|| or
// bind_cancellation_slot, becomes a stop, and the call ends CANCELLED.
template <class T, class Begin, class Token>
auto AsioCall(Begin begin, Token&& token) {
  using interop::sessions::failure;
  using interop::sessions::result;
  return asio::async_initiate<Token, void(result<T>)>(
      [](auto handler, Begin begin_call) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        const auto executor = asio::get_associated_executor(handler);
        // Keeps the io_context at work until the library has answered.
        auto work = asio::prefer(executor, asio::execution::outstanding_work.tracked);
        // Shared, since a call that is refused at once has freed its completion by then.
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        auto tell = [waiting, slot, work](result<T> ended) mutable {
          asio::post(work, [waiting, slot, answer = std::move(ended)]() mutable {
            if (slot.is_connected()) {
              slot.clear();
            }
            auto told = std::move(*waiting);
            waiting.reset();
            std::move(told)(std::move(answer));
          });
        };
        std::stop_source stop;
        if (slot.is_connected()) {
          slot.assign([stop](asio::cancellation_type) mutable { stop.request_stop(); });
        }
        auto begun = begin_call(tell, stop.get_token());
        if (!begun) {
          tell(failure(std::move(begun).error()));
        } else {
          begun->detach();
        }
      },
      token, std::move(begin));
}

}  // namespace examples
