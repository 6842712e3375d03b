#pragma once

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace examples {

// A few threads that run what is posted, in order of posting. Its executor() is all that
// interop::sessions::with_coroutines needs to know of it.
class ThreadPool {
 public:
  explicit ThreadPool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.emplace_back([this](std::stop_token stop) { Run(stop); });
    }
  }

  // Runs what is posted already, then ends.
  ~ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void Post(std::function<void()> work) {
    const std::lock_guard hold(lock_);
    posted_.push_back(std::move(work));
    changed_.notify_one();
  }

  // Resumes coroutines here.
  auto Executor() {
    return [this](std::coroutine_handle<> ready) { Post(ready); };
  }

 private:
  void Run(const std::stop_token& stop) {
    while (true) {
      std::function<void()> work;
      {
        std::unique_lock hold(lock_);
        if (!changed_.wait(hold, stop, [this] { return !posted_.empty(); })) {
          return;
        }
        work = std::move(posted_.front());
        posted_.pop_front();
      }
      work();
    }
  }

  std::mutex lock_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> posted_;
  std::vector<std::jthread> threads_;  // the last member: they use those above
};

}  // namespace examples
