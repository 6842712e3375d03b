#include "support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>

extern char** environ;

namespace interop::sessions::tests {

namespace {

/// The journal's last entry, when the program has closed its output.
constexpr const char* kEndOfOutput = "(end of output)";

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int failure = posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failure != 0) {
    close(ends[0]);
    throw std::runtime_error("cannot run " + command[0]);
  }
  reader_ = std::thread([this, output = ends[0]] { ReadLines(output); });
}

ChildProcess::~ChildProcess() {
  Kill();
  reader_.join();
}

void ChildProcess::Send(int signal) const {
  if (!exit_code_) {
    kill(id_, signal);
  }
}

std::optional<int> ChildProcess::Wait(uint32_t within_ms) {
  Eventually(
      [this] {
        int status = 0;
        if (!exit_code_ && waitpid(id_, &status, WNOHANG) == id_) {
          exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        return exit_code_.has_value();
      },
      within_ms);
  return exit_code_;
}

void ChildProcess::Kill() {
  Send(SIGKILL);
  Wait();
}

std::optional<std::string> ChildProcess::Find(const std::string& prefix) const {
  const auto begins = [&](const std::string& line) { return line.starts_with(prefix); };
  lines.Wait([&](const std::string& line) { return begins(line) || line == kEndOfOutput; });
  const std::vector<std::string> all = lines.All();
  const auto found = std::find_if(all.begin(), all.end(), begins);
  return found == all.end() ? std::nullopt : std::optional(found->substr(prefix.size()));
}

void ChildProcess::ReadLines(int output) {
  std::string line;
  std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = read(output, buffer.data(), buffer.size())) > 0) {
    for (ssize_t i = 0; i < size; i++) {
      const char next = buffer[static_cast<size_t>(i)];
      if (next == '\n') {
        lines.Add(line);
        line.clear();
      } else {
        line += next;
      }
    }
  }
  close(output);
  lines.Add(kEndOfOutput);
}

std::string ProgramBesideThis(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

}  // namespace interop::sessions::tests
