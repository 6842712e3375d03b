#include "chunkserver/session_thread.hpp"

#include <chrono>
#include <utility>

namespace chunkserver {

SessionThread::SessionThread(Task task)
    : task_(std::move(task)),
      thread_([this](std::stop_token thread_stop) { Run(std::move(thread_stop)); }) {}

void SessionThread::Begin(const interop::sessions::session& session) {
  const std::lock_guard hold(lock_);
  current_stop_.request_stop();
  current_stop_ = std::stop_source();
  waiting_ = Work{session, current_stop_};
  changed_.notify_one();
}

void SessionThread::End() {
  const std::lock_guard hold(lock_);
  current_stop_.request_stop();
  waiting_.reset();
}

void SessionThread::Stop() {
  thread_.request_stop();
  End();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void SessionThread::Run(std::stop_token thread_stop) {
  while (const auto work = WaitForWork(thread_stop)) {
    task_(work->session, work->stop.get_token());
  }
}

std::optional<SessionThread::Work> SessionThread::WaitForWork(std::stop_token thread_stop) {
  std::unique_lock hold(lock_);
  if (!changed_.wait(hold, thread_stop, [this] { return waiting_.has_value(); })) {
    return std::nullopt;
  }
  return std::exchange(waiting_, std::nullopt);
}

bool WaitFor(std::stop_token stop, std::chrono::milliseconds time) {
  std::mutex lock;
  std::condition_variable_any stopped;
  std::unique_lock hold(lock);
  stopped.wait_for(hold, stop, time, [&] { return stop.stop_requested(); });
  return !stop.stop_requested();
}

}  // namespace chunkserver
