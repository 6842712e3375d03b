#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace interop::sessions::tests {

/// A network between followers and a master that a test can break.
class TcpProxy {
 public:
  enum class Traffic {
    kFlows,
    kSilent,       // connections stay, nothing arrives any more
    kAnswersHeld,  // requests arrive, answers do not
    kRefused,      // connections end, new ones too
  };

  explicit TcpProxy(uint16_t target_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  uint16_t port() const { return port_; }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

  void Set(Traffic traffic);

 private:
  struct Connection {
    int client;
    int server;
  };

  void Run();
  void Accept();
  void Poll();
  bool Forward(Connection& connection, short client_events, short server_events);
  void CloseAll();

  const uint16_t target_port_;
  uint16_t port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::atomic<Traffic> traffic_ = Traffic::kFlows;
  std::atomic<bool> stopping_ = false;
  std::vector<Connection> connections_;
  std::thread thread_;
};

}  // namespace interop::sessions::tests
