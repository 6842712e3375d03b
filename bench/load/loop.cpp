#include "loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "connection.hpp"
#include "failure.hpp"

namespace load {

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    throw Failure(std::string("epoll_create1: ") + std::strerror(errno));
  }
}

Loop::~Loop() { close(epoll_); }

void Loop::Add(Connection& connection, int socket) {
  Control(EPOLL_CTL_ADD, connection, socket, false);
}

void Loop::AwaitRoom(Connection& connection, int socket, bool awaits) {
  Control(EPOLL_CTL_MOD, connection, socket, awaits);
}

void Loop::Control(int verb, Connection& connection, int socket, bool awaits_room) {
  epoll_event event{};
  event.events = EPOLLIN | (awaits_room ? std::uint32_t{EPOLLOUT} : 0);
  event.data.ptr = &connection;
  if (epoll_ctl(epoll_, verb, socket, &event) != 0) {
    throw Failure(std::string("epoll_ctl: ") + std::strerror(errno));
  }
}

void Loop::Touch(Connection& connection) {
  if (!connection.is_touched) {
    connection.is_touched = true;
    touched_.push_back(&connection);
  }
}

void Loop::Forget(Connection& connection) { std::erase(touched_, &connection); }

void Loop::Turn(int timeout_ms) {
  for (Connection* connection : touched_) {
    connection->is_touched = false;
    connection->Flush();
  }
  touched_.clear();

  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) {
    throw Failure(std::string("epoll_wait: ") + std::strerror(errno));
  }
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
    connection.Receive();
    Touch(connection);
  }
}

}  // namespace load
