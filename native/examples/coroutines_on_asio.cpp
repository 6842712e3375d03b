// A session on an asio event loop, in both ways: the library's awaitables with asio as their executor,
// and the library's calls as operations of asio in asio's own coroutines, with a time-out that cancels.

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <chrono>
#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/task.hpp>
#include <string>

#include "examples/asio_call.hpp"
#include "examples/demo.hpp"

namespace {

using namespace interop::sessions;
using namespace asio::experimental::awaitable_operators;
using examples::AsioCall;
using examples::Demo;

// Any coroutine type; the loop resumes it. The loop must be kept at work meanwhile: asio does not see
// what the coroutine waits for.
task<void> UseAwaitables(follower& follower, asio::io_context& loop, bool& well) {
  const auto server = with_coroutines(
      follower, [&loop](std::coroutine_handle<> ready) { asio::post(loop, ready); });
  const server_description offered = {
      .endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "10.0.0.7:2049"}}};
  const auto held = co_await server.create_session(offered);
  if (!held) {
    well = Demo::Tell(false, held.error().message);
    co_return;
  }
  const auto set = co_await server.set_item(held->epoch, "rack", bytes_of("r7"));
  const bool on_loop = loop.get_executor().running_in_this_thread();
  const auto closed = co_await server.close();
  well = Demo::Tell(set && closed && on_loop, "awaitables of the library, on the loop of asio");
}

// asio's own coroutine lets only asio's operations through.
asio::awaitable<bool> UseOperations(follower& server) {
  const auto held = co_await AsioCall<session>(
      [&server](auto completion, std::stop_token stop) {
        return server.create_session({}, stop, std::move(completion));
      },
      asio::use_awaitable);
  if (!held) {
    co_return Demo::Tell(false, held.error().message);
  }
  const auto refused = co_await AsioCall<item>(
      [&server](auto completion, std::stop_token stop) {
        return server.get_item(0, "rack", stop, std::move(completion));
      },
      asio::use_awaitable);
  const bool is_refused = !refused && refused.error().status == INTEROP_SESSIONS_WRONG_EPOCH;
  co_return Demo::Tell(is_refused, "a call that is refused at once completes as well");
}

// Nobody listens there, and the create tries for an hour: the timer ends it.
asio::awaitable<bool> CancelByTimer(follower& lonely) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(100));
  const auto begun = std::chrono::steady_clock::now();
  const auto first =
      co_await (AsioCall<session>(
                    [&lonely](auto completion, std::stop_token stop) {
                      return lonely.create_session({}, {stop, 3600000}, std::move(completion));
                    },
                    asio::use_awaitable) ||
                timer.async_wait(asio::use_awaitable));
  const auto took = std::chrono::steady_clock::now() - begun;
  co_return Demo::Tell(first.index() == 1 && took < std::chrono::minutes(1),
                       "a timer of asio cancels a create");
}

}  // namespace

int main() {
  Demo demo;
  asio::io_context loop;

  bool well = false;
  {
    follower server = examples::Must(demo.Manager().create_follower("awaitables"));
    auto at_work = asio::make_work_guard(loop);
    start_detached([](follower& used, asio::io_context& on, auto& until, bool& told) -> task<void> {
      co_await UseAwaitables(used, on, told);
      until.reset();
    }(server, loop, at_work, well));
    loop.run();
    loop.restart();
  }

  follower server = examples::Must(demo.Manager().create_follower("operations"));
  auto operations = asio::co_spawn(loop, UseOperations(server), asio::use_future);
  loop.run();
  loop.restart();

  auto cancelled = asio::co_spawn(
      loop,
      [&demo]() -> asio::awaitable<bool> {
        auto lonely = examples::Must(demo.LonelyManager().create_follower("lonely"));
        co_return co_await CancelByTimer(lonely);
      },
      asio::use_future);
  loop.run();
  return well && operations.get() && cancelled.get() ? 0 : 1;
}
