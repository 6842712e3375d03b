#include "inject/trial.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/temporary_directory.h"

extern char** environ;

namespace interop::sessions::tests {

namespace {

/// Longer than all time-outs of a life together, which are some forty of 1.5 s, on a busy machine.
constexpr auto kPatience = std::chrono::seconds(120);

class SharedReport {
 public:
  explicit SharedReport(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(InjectionReport)) != 0) {
      throw std::runtime_error("cannot make " + path);
    }
    void* mapped =
        mmap(nullptr, sizeof(InjectionReport), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) {
      throw std::runtime_error("cannot map " + path);
    }
    report_ = static_cast<InjectionReport*>(mapped);
  }
  ~SharedReport() { munmap(report_, sizeof(InjectionReport)); }
  SharedReport(const SharedReport&) = delete;
  SharedReport& operator=(const SharedReport&) = delete;

  void Fill(Outcome& outcome) const {
    outcome.calls = report_->calls;
    outcome.was_reached = report_->failed > 0;
    outcome.stage = outcome.was_reached ? report_->failed_stage.data() : report_->stage.data();
    outcome.thread = report_->failed_thread.data();
    std::ostringstream where;
    where << report_->module.data() << std::hex;
    for (const uint64_t frame : report_->frames) {
      if (frame != 0) {
        where << " 0x" << frame;
      }
    }
    outcome.where = where.str();
  }

 private:
  InjectionReport* report_ = nullptr;
};

/// A child with a process group of its own, so that nothing of it stays behind.
class Child {
 public:
  Child(const std::vector<std::string>& command, const std::vector<std::string>& more_environment,
        const std::string& input, const std::string& output) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    for (const std::string& variable : more_environment) {
      environment.push_back(const_cast<char*>(variable.c_str()));
    }
    for (char** variable = environ; *variable != nullptr; variable++) {
      environment.push_back(*variable);
    }
    environment.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failure = posix_spawn(&id_, arguments[0], &actions, &attributes, arguments.data(),
                                    environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
      throw std::runtime_error("cannot run " + command[0]);
    }
  }
  ~Child() {
    if (!has_ended_) {
      kill(-id_, SIGKILL);
      waitpid(id_, &status_, 0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void Send(int signal) const {
    if (!has_ended_) {
      kill(id_, signal);
    }
  }

  bool HasEnded() {
    has_ended_ = has_ended_ || waitpid(id_, &status_, WNOHANG) == id_;
    return has_ended_;
  }

  bool WaitUntil(std::chrono::steady_clock::time_point end) {
    while (!HasEnded() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return has_ended_;
  }

  int status() const { return status_; }

 private:
  pid_t id_ = -1;
  int status_ = 0;
  bool has_ended_ = false;
};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> EnvironmentOf(const Programs& programs, const Injection& injection,
                                       const std::string& report, bool waits) {
  std::vector<std::string> all = {"LD_PRELOAD=" + programs.injector,
                                  "INJECT_REPORT=" + report,
                                  "INJECT_CALL=" + injection.call,
                                  "INJECT_ERRNO=" + std::to_string(injection.error),
                                  "INJECT_FIRST=" + std::to_string(injection.first),
                                  "INJECT_COUNT=" + std::to_string(injection.count)};
  if (waits) {
    all.push_back("INJECT_WAITS=1");
  }
  return all;
}

Outcome::Kind KindOf(int status, int& signal) {
  if (WIFSIGNALED(status)) {
    signal = WTERMSIG(status);
    return Outcome::Kind::kCrashed;
  }
  return WEXITSTATUS(status) == 0 ? Outcome::Kind::kWell : Outcome::Kind::kBroken;
}

Outcome TryBothSides(const Programs& programs, const Injection& injection,
                     const TemporaryDirectory& directory) {
  Outcome outcome;
  const SharedReport report(directory.File("report"));
  {
    Child life({programs.life, "both", directory.path().string()},
               EnvironmentOf(programs, injection, directory.File("report"), /*waits=*/true),
               "/dev/null", directory.File("output"));
    outcome.kind = life.WaitUntil(std::chrono::steady_clock::now() + kPatience)
                       ? KindOf(life.status(), outcome.signal)
                       : Outcome::Kind::kHung;
  }
  report.Fill(outcome);
  outcome.output = ReadAll(directory.File("output"));
  return outcome;
}

/// The port that a daemon says, 0 if it ends without.
uint16_t PortOf(Child& master, const std::string& output,
                std::chrono::steady_clock::time_point end) {
  constexpr const char* kReady = "ready port=";
  while (std::chrono::steady_clock::now() < end) {
    const bool has_ended = master.HasEnded();
    const std::string said = ReadAll(output);
    const size_t at = said.find(kReady);
    if (at != std::string::npos && said.find('\n', at) != std::string::npos) {
      return static_cast<uint16_t>(std::stoi(said.substr(at + std::strlen(kReady))));
    }
    if (has_ended) {
      return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return 0;
}

/// The daemon's end: 0, or 1 with a line that says why. Anything else is a crash.
Outcome TryMaster(const Programs& programs, const Injection& injection,
                  const TemporaryDirectory& directory) {
  Outcome outcome;
  const SharedReport report(directory.File("report"));
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const std::string said = directory.File("output");
  const std::string client_said = directory.File("client");
  {
    Child master({programs.master, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store",
                  directory.File("store"), "--create", "--min-term-ms", "200"},
                 EnvironmentOf(programs, injection, directory.File("report"), /*waits=*/false),
                 "/dev/null", said);
    if (const uint16_t port = PortOf(master, said, end); port != 0) {
      Child client({programs.life, "client", std::to_string(port)}, {}, "/dev/null", client_said);
      if (!client.WaitUntil(end)) {
        outcome.kind = Outcome::Kind::kHung;
      } else {
        outcome.kind = KindOf(client.status(), outcome.signal);
      }
    }
    master.Send(SIGTERM);
    int signal = 0;
    if (!master.WaitUntil(end)) {
      outcome.kind = Outcome::Kind::kHung;
    } else if (KindOf(master.status(), signal) == Outcome::Kind::kCrashed) {
      outcome.kind = Outcome::Kind::kCrashed;
      outcome.signal = signal;
    } else if (master.status() != 0 &&
               ReadAll(said).find("\nsession-master: ") == std::string::npos &&
               !ReadAll(said).starts_with("session-master: ")) {
      // It ended early, or not cleanly, and did not say why.
      outcome.kind = Outcome::Kind::kBroken;
    }
  }
  report.Fill(outcome);
  outcome.stage = ReadAll(said).find("ready port=") == std::string::npos ? "its start" : "its life";
  if (outcome.kind == Outcome::Kind::kWell && std::ifstream(client_said).good()) {
    Child after({programs.life, "after", directory.path().string()}, {}, client_said, said);
    outcome.kind =
        after.WaitUntil(end) ? KindOf(after.status(), outcome.signal) : Outcome::Kind::kHung;
  }
  outcome.output = ReadAll(said) + ReadAll(client_said);
  return outcome;
}

}  // namespace

Outcome Try(const Programs& programs, const Injection& injection) {
  const TemporaryDirectory directory;
  return injection.program == "both sides" ? TryBothSides(programs, injection, directory)
                                           : TryMaster(programs, injection, directory);
}

}  // namespace interop::sessions::tests
