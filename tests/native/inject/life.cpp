// A whole life of both sides in one process, while one call of a function fails (injector.cpp):
//
//   1. armed:     a master begins, sessions are created, used, lost, closed, and the master stops
//   2. all works: the store is opened anew and has what was acknowledged, and so does everything else work
//   3. armed:     the ends of followers, managers, master and library
//   4. all works: once more from the beginning, and nothing is left behind
//
// usage: life both DIRECTORY | client PORT | after DIRECTORY
//   client   the follower's side alone, of a master at PORT that fails; ends in what was acknowledged
//   after    reads such a client's words from standard input, and compares them with a store
//
// Exit code 3: a promise was broken. What is said is for whoever looks into it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "inject/both_sides.h"
#include "inject/checked.h"
#include "inject/left_behind.h"
#include "support/eventually.h"

namespace interop::sessions::tests {

namespace {

std::atomic<int> records = 0;

interop_sessions_status Initialize(interop_sessions_error* error) {
  auto options = Sized<interop_sessions_options>();
  options.abi_version = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
  options.log = CountRecord;
  options.log_user_data = &records;
  options.log_level = INTEROP_SESSIONS_LOG_INFORMATION;
  return interop_sessions_initialize(&options, &TestLibrary(), error);
}

interop_sessions_status Shutdown(interop_sessions_error* error) {
  return interop_sessions_shutdown(TestLibrary(), 0, error);
}

/// One that nobody listens on. Somebody else may take it meanwhile, but only one who asks for this one.
uint16_t FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  close(probe);
  return ntohs(address.sin_port);
}

class Manager {
 public:
  interop_sessions_status Make(uint16_t port, interop_sessions_error* error) {
    const std::string address = "127.0.0.1:" + std::to_string(port);
    const interop_sessions_string endpoint = Text(address);
    auto options = Sized<interop_sessions_follower_manager_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    options.endpoints = &endpoint;
    options.endpoint_count = 1;
    return interop_sessions_follower_manager_create(TestLibrary(), &options, &handle, error);
  }

  interop_sessions_status Close(interop_sessions_error* error) {
    const interop_sessions_status status =
        interop_sessions_follower_manager_close(handle, 0, error);
    if (status == INTEROP_SESSIONS_OK) {
      handle = {};
    }
    return status;
  }

  interop_sessions_follower_manager handle = {};
};

bool Ok(interop_sessions_status status) { return status == INTEROP_SESSIONS_OK; }

/// A call that may fail once, and is made again as a host would.
template <typename Call>
bool Twice(const char* name, Call call) {
  return Ok(Do(name, call)) || Ok(Do(name, call));
}

/// What a host asks of a session that it keeps.
void Use(Follower& keeper, const std::string& when) {
  for (const char* key : {"a", "b"}) {
    Do("set item", [&](auto* error) { return keeper.Set(when + key, when, error); });
  }
  Do("set item, asynchronously",
     [&](auto* error) { return keeper.SetAsync(when + "c", when, error); });
  Do("get item", [&](auto* error) { return keeper.Get(when + "a", error); });
  Do("remove item", [&](auto* error) { return keeper.Remove(when + "b", error); });
}

/// Large values that come and go: the collector makes its thread, and has work.
void Collect(Follower& keeper) {
  for (char each = 'a'; each < 'm'; each++) {
    Do("set a large item",
       [&](auto* error) { return keeper.Set("large", std::string(kLargeItem, each), error); });
  }
}

/// A session that is not renewed any more, and the one after it.
void LoseOne(Follower& server) {
  if (!Twice("create a short session", [&](auto* error) { return server.Create(400, error); })) {
    return;
  }
  Do("set item of a short session", [&](auto* error) { return server.Set("x", "1", error); });
  Do("report that it is not well", [&](auto* error) { return server.Health(0, error); });
  if (!server.WaitForLoss(5'000)) {
    // It can ask nobody how its session stands, and may not be sure yet.
    if (!server.Refuses()) {
      Break("a session that is not renewed still serves");
    }
    return;
  }
  Do("report that it is well",
     [&](auto* error) { return server.Health(INTEROP_SESSIONS_HEALTHY_UNTIL_TOLD, error); });
  Twice("create again", [&](auto* error) { return server.Create(10'000, error); });
}

/// Servers that come and go beside the keeper.
void Serve(uint16_t port, Follower& keeper) {
  Manager manager;
  Follower server("server");
  Follower other("other");
  if (!Twice("make a manager", [&](auto* error) { return manager.Make(port, error); })) {
    return;
  }
  const auto make = [&](Follower& follower) {
    return Twice("make a follower",
                 [&](auto* error) { return follower.Make(manager.handle, error); });
  };
  if (make(server)) {
    LoseOne(server);
  }
  Use(keeper, "while others live ");
  if (make(other) &&
      Twice("create another", [&](auto* error) { return other.Create(10'000, error); })) {
    Do("set item of another", [&](auto* error) { return other.Set("y", "2", error); });
  }
  if (server.made()) {
    Twice("close a follower", [&](auto* error) { return server.Close(error); });
  }
  if (other.made()) {
    Twice("close a follower, asynchronously", [&](auto* error) { return other.CloseAsync(error); });
  }
  Twice("close a manager", [&](auto* error) { return manager.Close(error); });
  if (manager.handle.value != 0) {
    Shared().armed = 0;
    Must("close a manager at last", [&](auto* error) { return manager.Close(error); });
    Shared().armed = 1;
  }
  server.CheckTold();
  other.CheckTold();
}

/// All of it, where nothing fails.
void ServeWell(uint16_t port, const std::string& identity) {
  Manager manager;
  Follower server(identity);
  if (!Must("make a manager", [&](auto* error) { return manager.Make(port, error); }) ||
      !Must("make a follower", [&](auto* error) { return server.Make(manager.handle, error); })) {
    return;
  }
  if (Must("create", [&](auto* error) { return server.Create(10'000, error); })) {
    Must("set item", [&](auto* error) { return server.Set("z", "3", error); });
  }
  Must("close a follower", [&](auto* error) { return server.Close(error); });
  Must("close a manager", [&](auto* error) { return manager.Close(error); });
  server.CheckTold();
}

class Life {
 public:
  explicit Life(std::string directory)
      : store_(std::move(directory) + "/store"), port_(FreePort()) {}

  void Run() {
    Shared().armed = 1;
    Begin();
    Shared().armed = 0;
    OpenAnew();
    Shared().armed = 1;
    End();
    Shared().armed = 0;
    OnceMore();
    Stage("the end of the process");
  }

 private:
  void Begin() {
    if (!Twice("initialize", Initialize) || !StartMaster()) {
      return;
    }
    if (Twice("make the keeper's manager",
              [&](auto* error) { return keepers_.Make(port_, error); }) &&
        Twice("make the keeper",
              [&](auto* error) { return keeper_.Make(keepers_.handle, error); }) &&
        Twice("create the keeper's session",
              [&](auto* error) { return keeper_.Create(60'000, error); })) {
      Use(keeper_, "first ");
      Collect(keeper_);
      Serve(port_, keeper_);
      Use(keeper_, "last ");
    }
    Twice("stop the master", [&](auto* error) { return master_.Stop(error); });
  }

  bool StartMaster() {
    return Twice("start a master",
                 [&](auto* error) { return master_.Start(store_, port_, error); });
  }

  void OpenAnew() {
    // It was initialised, or is now: twice, it would have two users.
    if (TestLibrary().value == 0) {
      Must("initialize at last", Initialize);
    }
    if (master_.runs()) {
      Must("stop the master at last", [&](auto* told) { return master_.Stop(told); });
    }
    if (!Must("open the store anew",
              [&](auto* told) { return master_.Start(store_, port_, told); })) {
      return;
    }
    keeper_.CheckStored(master_.handle());
    ServeWell(port_, "newcomer");
  }

  void End() {
    if (keeper_.made()) {
      Twice("close the keeper", [&](auto* error) { return keeper_.Close(error); });
    }
    if (keepers_.handle.value != 0) {
      Twice("close the keeper's manager", [&](auto* error) { return keepers_.Close(error); });
    }
    Twice("stop the master at the end", [&](auto* error) { return master_.Stop(error); });
    Twice("shutdown", Shutdown);
  }

  void OnceMore() {
    Error error;
    interop_sessions_shutdown(TestLibrary(), 0, &error);
    keeper_.CheckTold();
    if (Must("initialize again", Initialize)) {
      Must("start a master again", [&](auto* told) { return master_.Start(store_, port_, told); });
      ServeWell(port_, "latecomer");
      Must("stop the master again", [&](auto* told) { return master_.Stop(told); });
      if (Must("shutdown at last", Shutdown)) {
        CheckNothingLeft();
      }
    }
  }

  /// Whatever has failed, and wherever the library was when it did.
  void CheckNothingLeft() {
    std::string left;
    if (!Eventually([&] { return (left = LeftBehind(store_)).empty(); })) {
      Break("the shutdown has left" + left);
    }
  }

  std::string store_;
  uint16_t port_;
  Master master_;
  Manager keepers_;
  Follower keeper_{"keeper"};
};

/// The follower's side of a master that fails in another process. It leaves a session behind.
void LiveAsClient(uint16_t port) {
  Manager manager;
  Follower keeper("keeper");
  if (Must("initialize", Initialize) &&
      Must("make the keeper's manager", [&](auto* error) { return manager.Make(port, error); }) &&
      Must("make the keeper", [&](auto* error) { return keeper.Make(manager.handle, error); })) {
    if (Twice("create the keeper's session",
              [&](auto* error) { return keeper.Create(60'000, error); })) {
      Use(keeper, "first ");
      Serve(port, keeper);
      Use(keeper, "last ");
    }
    keeper.SayAcknowledged();
  }
}

/// Where that master's store is opened anew.
void LookAfter(const std::string& directory) {
  Master master;
  Follower keeper("keeper");
  keeper.ReadAcknowledged(std::cin);
  if (Must("initialize", Initialize) && Must("open the store anew", [&](auto* error) {
        return master.Start(directory + "/store", 0, error);
      })) {
    keeper.CheckStored(master.handle());
    Must("stop", [&](auto* error) { return master.Stop(error); });
    Must("shutdown", Shutdown);
  }
}

}  // namespace

}  // namespace interop::sessions::tests

int main(int count, char** arguments) {
  using namespace interop::sessions::tests;
  const std::string what = count < 3 ? "" : arguments[1];
  if (what == "both") {
    Life(arguments[2]).Run();
  } else if (what == "client") {
    LiveAsClient(static_cast<uint16_t>(std::stoi(arguments[2])));
  } else if (what == "after") {
    LookAfter(arguments[2]);
  } else {
    std::cerr << "usage: life both DIRECTORY | client PORT | after DIRECTORY\n";
    return 2;
  }
  return Broken() == 0 ? 0 : 3;
}
