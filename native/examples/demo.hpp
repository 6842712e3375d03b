#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <interop_sessions/interop_sessions.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace examples {

// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    if (mkdtemp(path_.data()) == nullptr) {
      std::perror("mkdtemp");
      std::exit(1);
    }
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "example-XXXXXX").string();
};

// The value of a step that the rest of an example needs, or the end of the program.
template <class T>
T Must(interop::sessions::result<T> answer) {
  if (!answer) {
    const std::string name(answer.error().name);
    std::fprintf(stderr, "%s: %s\n", name.c_str(), answer.error().message.c_str());
    std::exit(1);
  }
  return *std::move(answer);
}

// A master in this process, and a manager that knows it, so that an example needs nothing around it.
class Demo {
 public:
  interop::sessions::follower_manager& Manager() { return manager_; }

  // One that knows only a master that is not there.
  interop::sessions::follower_manager& LonelyManager() { return lonely_manager_; }

  // Prints a line; false and a line on stderr if what should have happened has not.
  static bool Tell(bool happened, const std::string& what) {
    std::fprintf(happened ? stdout : stderr, "%s%s\n", happened ? "" : "FAILED: ", what.c_str());
    return happened;
  }

 private:
  TemporaryFolder folder_;
  interop::sessions::library library_ = Must(interop::sessions::library::initialize());
  interop::sessions::master master_ = Must(interop::sessions::master::start(
      library_, {.listen_address = "127.0.0.1:0",
                 .store_path = folder_.File("sessions.db"),
                 .create_store = true,
                 .insecure = interop::sessions::insecure_peers::loopback}));
  interop::sessions::follower_manager manager_ = Must(interop::sessions::follower_manager::create(
      library_, {.endpoints = {"127.0.0.1:" + std::to_string(Must(master_.port()))},
                 .insecure = interop::sessions::insecure_peers::loopback}));
  interop::sessions::follower_manager lonely_manager_ =
      Must(interop::sessions::follower_manager::create(
          library_,
          {.endpoints = {"127.0.0.1:1"}, .insecure = interop::sessions::insecure_peers::loopback}));
};

}  // namespace examples
