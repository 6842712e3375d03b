#include "shared/stop_signals.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace common {

StopSignals::StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    sigaddset(&signals, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal_fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
  request_fd_ = eventfd(0, EFD_CLOEXEC);
  if (signal_fd_ < 0 || request_fd_ < 0) {
    throw std::system_error(errno, std::generic_category(), "signalfd");
  }
}

StopSignals::~StopSignals() {
  close(signal_fd_);
  close(request_fd_);
}

StopSignals::Event StopSignals::Wait() {
  while (true) {
    std::array<pollfd, 2> ready{{{signal_fd_, POLLIN, 0}, {request_fd_, POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;  // the runtime's own signal
      }
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (ready[1].revents != 0) {
      return Event::kStop;
    }
    signalfd_siginfo received{};
    if (read(signal_fd_, &received, sizeof(received)) == sizeof(received)) {
      return received.ssi_signo == SIGUSR1 ? Event::kReport : Event::kStop;
    }
  }
}

void StopSignals::RequestStop() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!write(request_fd_, &one, sizeof(one)));
}

}  // namespace common
