#pragma once

#include <string>
#include <vector>

namespace load {

class Connection;

// One thread, one epoll: waits for connections, lets them take in what has come, and sends what is
// to be sent once all have.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Add(Connection& connection, int socket);
  // Whether the socket is to be waited for until it takes more.
  void AwaitRoom(Connection& connection, int socket, bool awaits);
  // Is sent before the next wait.
  void Touch(Connection& connection);
  // It is about to end.
  void Forget(Connection& connection);

  // Sends what waits, then waits once.
  void Turn(int timeout_ms);

 private:
  void Control(int verb, Connection& connection, int socket, bool awaits_room);

  const int epoll_;
  std::vector<Connection*> touched_;
};

}  // namespace load
