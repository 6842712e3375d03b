#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace interop::sessions::tests {

/// The threads of this process, by their numbers.
inline std::set<std::string> Tasks() {
  std::set<std::string> tasks;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    tasks.insert(task.path().filename());
  }
  return tasks;
}

/// What the kernel calls a thread of this process; empty if it has ended.
inline std::string NameOfTask(const std::string& task) {
  std::ifstream comm("/proc/self/task/" + task + "/comm");
  std::string name;
  std::getline(comm, name);
  return name;
}

inline bool HasThread(const std::string& name) {
  for (const std::string& task : Tasks()) {
    if (NameOfTask(task) == name) {
      return true;
    }
  }
  return false;
}

/// The thread of the collector: made for the first collection of the whole heap, gone when it has been idle.
inline constexpr const char* kCollectorThread = ".NET BGC";

}  // namespace interop::sessions::tests
