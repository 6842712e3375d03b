#include "inject/checked.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cstdlib>

namespace interop::sessions::tests {

namespace {

std::atomic<int> broken = 0;
std::atomic<uint32_t> timeout_ms = 1500;

InjectionReport* Map() {
  const char* path = std::getenv("INJECT_REPORT");
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  const int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void* mapped = mmap(nullptr, sizeof(InjectionReport), PROT_READ | PROT_WRITE, flags, file, 0);
  if (file >= 0) {
    close(file);
  }
  if (mapped == MAP_FAILED) {
    std::abort();
  }
  return static_cast<InjectionReport*>(mapped);
}

}  // namespace

InjectionReport& Shared() {
  static InjectionReport* const kReport = Map();
  return *kReport;
}

int Broken() { return broken; }

void Break(const std::string& what) {
  broken++;
  Say("BROKEN: " + what);
}

uint32_t TimeoutMs() { return timeout_ms; }

void ExpectSuccess(bool is_expected) { timeout_ms = is_expected ? 20'000 : 1500; }

void Stage(const char* name) {
  std::strncpy(Shared().stage.data(), name, Shared().stage.size() - 1);
}

void Say(const std::string& line) {
  const std::string whole = line + "\n";
  syscall(SYS_write, STDOUT_FILENO, whole.data(), whole.size());
}

bool IsHonest(interop_sessions_status status) {
  switch (status) {
    case INTEROP_SESSIONS_OK:
    case INTEROP_SESSIONS_CANCELLED:
    case INTEROP_SESSIONS_TIMED_OUT:
    case INTEROP_SESSIONS_NO_MASTER:
    case INTEROP_SESSIONS_NOT_LEADER:
    case INTEROP_SESSIONS_OVERLOADED:
    case INTEROP_SESSIONS_OUT_OF_RESOURCES:
    case INTEROP_SESSIONS_NO_SESSION:
    case INTEROP_SESSIONS_IDENTITY_IN_USE:
    case INTEROP_SESSIONS_UNKNOWN_SESSION:
    case INTEROP_SESSIONS_SESSION_EXPIRED:
    case INTEROP_SESSIONS_STORE_FULL:
    case INTEROP_SESSIONS_STORE_READ_ONLY:
    case INTEROP_SESSIONS_STORE_FAILED:
    case INTEROP_SESSIONS_ADDRESS_UNUSABLE:
      return true;
    default:
      return false;
  }
}

}  // namespace interop::sessions::tests
