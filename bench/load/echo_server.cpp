#include "echo_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "failure.hpp"

namespace load {
namespace {

void Watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) {
    throw Failure("the echo server's epoll takes no more");
  }
}

int Listen() {
  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening, raw, size) != 0 || listen(listening, 1024) != 0 ||
      getsockname(listening, raw, &size) != 0) {
    throw Failure("the echo server cannot listen");
  }
  std::printf("ready port=%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listening;
}

// False: whoever was there has gone.
bool Echo(int socket) {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(socket, buffer.data(), buffer.size(), 0);
  return count > 0 &&
         send(socket, buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
}

}  // namespace

int RunEchoServer() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int listening = Listen();
  Watch(epoll, listening);
  Watch(epoll, STDIN_FILENO);
  std::array<epoll_event, 256> events;
  while (true) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int ready = events[static_cast<std::size_t>(i)].data.fd;
      if (ready == STDIN_FILENO) {
        return 0;
      }
      if (ready != listening) {
        if (!Echo(ready)) {
          close(ready);
        }
        continue;
      }
      const int accepted = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
      const int on = 1;
      if (accepted < 0 || setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
        throw Failure("the echo server cannot accept");
      }
      Watch(epoll, accepted);
    }
  }
}

}  // namespace load
