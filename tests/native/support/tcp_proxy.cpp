#include "support/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace interop::sessions::tests {

namespace {

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void SendAtOnce(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/// Moves what has arrived; false at the end of the stream.
bool Copy(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(from, buffer.data(), buffer.size());
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t part =
        send(to, buffer.data() + sent, static_cast<size_t>(size - sent), MSG_NOSIGNAL);
    if (part <= 0) {
      return false;
    }
    sent += part;
  }
  return size > 0;
}

constexpr short kReadable = POLLIN | POLLHUP | POLLERR;

}  // namespace

TcpProxy::TcpProxy(uint16_t target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (listener_ < 0 || wake_ < 0 ||
      bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  Set(Traffic::kRefused);
  thread_.join();
  close(listener_);
  close(wake_);
}

void TcpProxy::Set(Traffic traffic) {
  traffic_ = traffic;
  const uint64_t one = 1;
  if (write(wake_, &one, sizeof(one)) != sizeof(one)) {
    throw std::runtime_error("the proxy cannot be woken");
  }
}

void TcpProxy::Run() {
  while (!stopping_) {
    if (traffic_ == Traffic::kRefused) {
      CloseAll();
    }
    Poll();
  }
  CloseAll();
}

void TcpProxy::Poll() {
  const Traffic traffic = traffic_;
  const short client_events = traffic == Traffic::kSilent ? 0 : POLLIN;
  const short server_events = traffic == Traffic::kFlows ? POLLIN : 0;
  std::vector<pollfd> waits = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
  for (const Connection& connection : connections_) {
    // A descriptor of -1 is skipped: an end of stream must not spin while nothing may flow.
    waits.push_back({client_events != 0 ? connection.client : -1, client_events, 0});
    waits.push_back({server_events != 0 ? connection.server : -1, server_events, 0});
  }
  if (poll(waits.data(), waits.size(), -1) <= 0) {
    return;
  }
  uint64_t ignored = 0;
  if ((waits[1].revents & POLLIN) != 0 && read(wake_, &ignored, sizeof(ignored)) > 0) {
    return;  // the traffic changed: what was polled for may not flow any more
  }
  std::vector<Connection> open;
  for (size_t i = 0; i < connections_.size(); i++) {
    if (Forward(connections_[i], waits[2 + 2 * i].revents, waits[3 + 2 * i].revents)) {
      open.push_back(connections_[i]);
    }
  }
  connections_ = open;
  if ((waits[0].revents & POLLIN) != 0) {
    Accept();
  }
}

void TcpProxy::Accept() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) {
    return;
  }
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(target_port_);
  if (traffic_ == Traffic::kRefused ||
      connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(client);
    close(server);
    return;
  }
  SendAtOnce(client);
  SendAtOnce(server);
  connections_.push_back({client, server});
}

bool TcpProxy::Forward(Connection& connection, short client_events, short server_events) {
  const bool open =
      ((client_events & kReadable) == 0 || Copy(connection.client, connection.server)) &&
      ((server_events & kReadable) == 0 || Copy(connection.server, connection.client));
  if (!open) {
    close(connection.client);
    close(connection.server);
  }
  return open;
}

void TcpProxy::CloseAll() {
  for (const Connection& connection : connections_) {
    close(connection.client);
    close(connection.server);
  }
  connections_.clear();
}

}  // namespace interop::sessions::tests
