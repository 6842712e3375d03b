#pragma once

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

namespace harness {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

using EventFile = std::unique_ptr<std::FILE, CloseFile>;

// For appending: several servers may write to one file, a line at a time.
inline EventFile OpenEventFile(const std::string& path) {
  EventFile file(std::fopen(path.c_str(), "ae"));
  if (file == nullptr) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return file;
}

}  // namespace harness
