// A session in coroutines that run on a thread pool: one uses it, another listens to its events, and a
// stop ends what takes too long.

#include <chrono>
#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/stop.hpp>
#include <interop_sessions/task.hpp>
#include <string>

#include "examples/demo.hpp"
#include "examples/thread_pool.hpp"

namespace {

using namespace interop::sessions;
using examples::Demo;
using examples::ThreadPool;

// Until the follower is closed.
task<int> Listen(event_queue events, ThreadPool& pool) {
  int heard = 0;
  const auto stream = with_coroutines(events, pool.Executor());
  while (const auto next = co_await stream.next()) {
    ++heard;
    Demo::Tell(true, "event: kind " + std::to_string(static_cast<int>(next->kind)) + ", state " +
                         std::to_string(next->session.state) + ", epoch " +
                         std::to_string(next->session.epoch));
  }
  co_return heard;
}

task<bool> Serve(follower& follower, ThreadPool& pool, std::stop_token shutdown) {
  const auto server = with_coroutines(follower, pool.Executor());
  const server_description offered = {
      .endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "10.0.0.7:2049"}}};
  const auto held = co_await server.create_session(offered, shutdown);
  if (!held) {
    co_return Demo::Tell(false, held.error().message);
  }
  // One deadline for all that follows, and the shutdown of the program.
  const timed_stop deadline(std::chrono::seconds(30));
  const joined_stop stop(shutdown, deadline.token());
  const auto set =
      co_await server.set_item(held->epoch, "rack", bytes_of("r7"), any_revision, stop.token());
  const auto got = co_await server.get_item(held->epoch, "rack", stop.token());
  const bool same = set && got && text_of(got->value) == "r7" && got->revision == *set;
  Demo::Tell(same, "the item is what was set");
  const auto closed = co_await server.close();
  co_return Demo::Tell(closed.has_value(), "closed") && same;
}

task<void> ListenAndTell(event_queue events, ThreadPool& pool, std::promise<int>& heard) {
  heard.set_value(co_await Listen(events, pool));
}

}  // namespace

int main() {
  Demo demo;
  ThreadPool pool(2);
  std::stop_source shutdown;
  const event_queue events;
  follower server = examples::Must(demo.Manager().create_follower("pool", events.callbacks()));

  std::promise<int> heard;
  start_detached(ListenAndTell(events, pool, heard));
  const bool served = sync_wait(Serve(server, pool, shutdown.get_token()));
  const int count = heard.get_future().get();
  return served && Demo::Tell(count == 3, "heard of created, alive, lost") ? 0 : 1;
}
