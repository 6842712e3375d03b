#include "connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "failure.hpp"
#include "loop.hpp"

namespace load {
namespace {

[[noreturn]] void Fail(const char* what) {
  throw Failure(std::string(what) + ": " + std::strerror(errno));
}

// Loopback answers at once, so a dial may wait.
int Dial(std::uint16_t port) {
  const int dialled = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (dialled < 0) {
    Fail("socket");
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  if (connect(dialled, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    Fail("connect");
  }
  if (setsockopt(dialled, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
      fcntl(dialled, F_SETFL, O_NONBLOCK) != 0) {
    Fail("the options of a socket");
  }
  return dialled;
}

}  // namespace

Connection::Connection(Loop& loop, std::uint16_t port, std::unique_ptr<Peer> peer)
    : loop_(loop), socket_(Dial(port)), peer_(std::move(peer)) {
  loop_.Add(*this, socket_);
}

Connection::~Connection() {
  loop_.Forget(*this);
  close(socket_);
}

Peer& Connection::Verbs() {
  loop_.Touch(*this);
  return *peer_;
}

void Connection::Receive() {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
  if (count > 0) {
    peer_->Received({buffer.data(), static_cast<std::size_t>(count)});
  } else if (count == 0) {
    throw Failure("the peer has closed a connection");
  } else if (errno != EAGAIN) {
    Fail("recv");
  }
}

void Connection::Flush() {
  peer_->Send(outgoing_);
  if (!outgoing_.empty()) {
    const ssize_t count = send(socket_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN) {
      Fail("send");
    }
    outgoing_.erase(0, count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  if (awaits_room_ == outgoing_.empty()) {
    awaits_room_ = !awaits_room_;
    loop_.AwaitRoom(*this, socket_, awaits_room_);
  }
}

}  // namespace load
