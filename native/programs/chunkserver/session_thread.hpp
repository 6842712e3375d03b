#pragma once

#include <condition_variable>
#include <functional>
#include <interop_sessions/values.hpp>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace chunkserver {

// A thread that works for the session of the moment: runs a task once for each session, and asks it
// to stop when that session is over. So callbacks only say what happened, and never wait for work.
class SessionThread {
 public:
  using Task = std::function<void(const interop::sessions::session&, std::stop_token)>;

  explicit SessionThread(Task task);
  ~SessionThread() { Stop(); }

  // A session of later date replaces the one before.
  void Begin(const interop::sessions::session& session);

  // The session is over. Does not wait for the task.
  void End();

  // Ends the thread, and waits for it.
  void Stop();

 private:
  struct Work {
    interop::sessions::session session;
    std::stop_source stop;
  };

  void Run(std::stop_token thread_stop);
  std::optional<Work> WaitForWork(std::stop_token thread_stop);

  const Task task_;
  std::mutex lock_;
  std::condition_variable_any changed_;
  std::optional<Work> waiting_;
  std::stop_source current_stop_;
  std::jthread thread_;  // the last member: it uses those above
};

// Waits, but not beyond a stop. True: the time is over; false: it was asked to stop.
bool WaitFor(std::stop_token stop, std::chrono::milliseconds time);

}  // namespace chunkserver
