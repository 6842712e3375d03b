// Preloaded into a program, it makes the n-th call of a function fail, as the kernel does when something
// has run out.
//
//   INJECT_REPORT   a file of the size of InjectionReport; without it nothing is done
//   INJECT_CALL     a name of kGroups
//   INJECT_ERRNO    what it fails with
//   INJECT_FIRST    the first call that fails; 0: none, they are counted
//   INJECT_COUNT    how many fail from there on; 1 if it is not set
//   INJECT_WAITS    set: until the program arms it, nothing is counted
//
// Only what goes through the dynamic linker is seen: not what libc calls itself. The functions are
// system calls here, so nothing of this calls itself.

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"

// What glibc declares for a compiler to check, is defined here without.
#pragma GCC visibility push(default)

namespace {

using interop::sessions::tests::InjectionReport;

InjectionReport* report = nullptr;
const char* chosen = "";
int chosen_errno = 0;
uint64_t first = 0;
uint64_t count = 1;
thread_local bool is_looking = false;

uint64_t NumberOf(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text == nullptr ? otherwise : strtoull(text, nullptr, 10);
}

__attribute__((constructor)) void Begin() {
  const char* path = getenv("INJECT_REPORT");
  const char* call = getenv("INJECT_CALL");
  if (path == nullptr || call == nullptr) {
    return;
  }
  const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC));
  if (file < 0) {
    abort();
  }
  void* mapped = reinterpret_cast<void*>(syscall(SYS_mmap, nullptr, sizeof(InjectionReport),
                                                 PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  syscall(SYS_close, file);
  chosen = call;
  chosen_errno = static_cast<int>(NumberOf("INJECT_ERRNO", EIO));
  first = NumberOf("INJECT_FIRST", 0);
  count = NumberOf("INJECT_COUNT", 1);
  report = static_cast<InjectionReport*>(mapped);
  if (getenv("INJECT_WAITS") == nullptr) {
    report->armed = 1;
  }
}

// Once: what it costs, and whom it calls, matters no more.
void Look() {
  memcpy(report->failed_stage.data(), report->stage.data(), report->stage.size());
  prctl(PR_GET_NAME, report->failed_thread.data());
  void* addresses[24] = {};
  const int found = backtrace(addresses, 24);
  const void* base = nullptr;
  for (int i = 0; i < found; i++) {
    Dl_info where = {};
    if (dladdr(addresses[i], &where) == 0 || strstr(where.dli_fname, "injector") != nullptr) {
      continue;
    }
    if (base == nullptr) {
      base = where.dli_fbase;
      strncpy(report->module.data(), where.dli_fname, report->module.size() - 1);
    }
    if (where.dli_fbase == base) {
      report->frames[static_cast<size_t>(i)] =
          reinterpret_cast<uint64_t>(addresses[i]) - reinterpret_cast<uint64_t>(base);
    }
  }
}

/// Shall this call fail? Then errno is set.
bool Fails(const char* group) {
  if (report == nullptr || report->armed == 0 || is_looking || strcmp(group, chosen) != 0) {
    return false;
  }
  const uint64_t number = report->calls.fetch_add(1) + 1;
  if (first == 0 || number < first || number >= first + count) {
    return false;
  }
  if (report->failed.fetch_add(1) == 0) {
    is_looking = true;
    Look();
    is_looking = false;
  }
  errno = chosen_errno;
  return true;
}

mode_t ModeOf(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlvsym(RTLD_NEXT, name, "GLIBC_2.34"));
}

template <typename... Arguments>
long Call(const char* group, long number, Arguments... arguments) {
  return Fails(group) ? -1 : syscall(number, arguments...);
}

}  // namespace

extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) {
  static const auto kReal =
      Real<int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)>("pthread_create");
  return Fails("pthread_create") ? chosen_errno : kReal(thread, attributes, run, argument);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return static_cast<int>(Call("open", SYS_openat, AT_FDCWD, path, flags, mode));
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));

int openat(int directory, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return static_cast<int>(Call("open", SYS_openat, directory, path, flags, mode));
}

int openat64(int directory, const char* path, int flags, ...) __attribute__((alias("openat")));

int socket(int domain, int type, int protocol) noexcept {
  return static_cast<int>(Call("socket", SYS_socket, domain, type, protocol));
}

int bind(int socket, const sockaddr* address, socklen_t size) noexcept {
  return static_cast<int>(Call("bind", SYS_bind, socket, address, size));
}

int listen(int socket, int backlog) noexcept {
  return static_cast<int>(Call("listen", SYS_listen, socket, backlog));
}

int connect(int socket, const sockaddr* address, socklen_t size) {
  return static_cast<int>(Call("connect", SYS_connect, socket, address, size));
}

int accept(int socket, sockaddr* address, socklen_t* size) {
  return static_cast<int>(Call("accept", SYS_accept, socket, address, size));
}

int accept4(int socket, sockaddr* address, socklen_t* size, int flags) {
  return static_cast<int>(Call("accept", SYS_accept4, socket, address, size, flags));
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  return Call("send", SYS_sendto, socket, data, size, flags, nullptr, 0);
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  return Call("send", SYS_sendmsg, socket, message, flags);
}

ssize_t recv(int socket, void* data, size_t size, int flags) {
  return Call("recv", SYS_recvfrom, socket, data, size, flags, nullptr, nullptr);
}

ssize_t recvmsg(int socket, msghdr* message, int flags) {
  return Call("recv", SYS_recvmsg, socket, message, flags);
}

void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) noexcept {
  return reinterpret_cast<void*>(
      Call("mmap", SYS_mmap, address, size, protection, flags, file, offset));
}

void* mmap64(void* address, size_t size, int protection, int flags, int file, off_t offset) noexcept
    __attribute__((alias("mmap")));

int mprotect(void* address, size_t size, int protection) noexcept {
  return static_cast<int>(Call("mprotect", SYS_mprotect, address, size, protection));
}

ssize_t read(int file, void* data, size_t size) { return Call("read", SYS_read, file, data, size); }

ssize_t pread(int file, void* data, size_t size, off_t offset) {
  return Call("read", SYS_pread64, file, data, size, offset);
}

ssize_t pread64(int file, void* data, size_t size, off_t offset) __attribute__((alias("pread")));

// A pipe is no disk: what fails with files never fails there.
ssize_t write(int file, const void* data, size_t size) {
  struct stat status = {};
  const bool is_pipe =
      report != nullptr && syscall(SYS_fstat, file, &status) == 0 && S_ISFIFO(status.st_mode);
  return is_pipe ? syscall(SYS_write, file, data, size)
                 : Call("write", SYS_write, file, data, size);
}

// Only files are written so, and of those of a master only its store. A short write takes half of what it is
// given, and the call that goes on with the rest fails, as those of a disk do that is just full.
ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  if (Fails("short_pwrite")) {
    return report->failed % 2 == 0 ? -1 : syscall(SYS_pwrite64, file, data, size / 2, offset);
  }
  return Fails("pwrite") ? -1 : Call("write", SYS_pwrite64, file, data, size, offset);
}

ssize_t pwrite64(int file, const void* data, size_t size, off_t offset)
    __attribute__((alias("pwrite")));

int fsync(int file) { return static_cast<int>(Call("fsync", SYS_fsync, file)); }

int fdatasync(int file) { return static_cast<int>(Call("fsync", SYS_fdatasync, file)); }

int ftruncate(int file, off_t size) noexcept {
  return static_cast<int>(Call("ftruncate", SYS_ftruncate, file, size));
}

int ftruncate64(int file, off_t size) noexcept __attribute__((alias("ftruncate")));

int statx(int directory, const char* path, int flags, unsigned mask,
          struct statx* status) noexcept {
  return static_cast<int>(Call("statx", SYS_statx, directory, path, flags, mask, status));
}

int epoll_create1(int flags) noexcept {
  return static_cast<int>(Call("epoll_create", SYS_epoll_create1, flags));
}

int epoll_create(int) noexcept {
  return static_cast<int>(Call("epoll_create", SYS_epoll_create1, 0));
}

int epoll_ctl(int port, int operation, int file, epoll_event* event) noexcept {
  return static_cast<int>(Call("epoll_ctl", SYS_epoll_ctl, port, operation, file, event));
}

int pipe2(int* ends, int flags) noexcept {
  return static_cast<int>(Call("pipe", SYS_pipe2, ends, flags));
}

int pipe(int* ends) noexcept { return static_cast<int>(Call("pipe", SYS_pipe2, ends, 0)); }

ssize_t getrandom(void* data, size_t size, unsigned flags) {
  return Call("getrandom", SYS_getrandom, data, size, flags);
}

// A managed runtime asks libc itself for what its code calls, past what is preloaded.
void* dlsym(void* handle, const char* name) noexcept {
  using Symbol = void* (*)(void*, const char*);
  static const Symbol kReal = [] {
    void* found = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    return reinterpret_cast<Symbol>(found != nullptr ? found
                                                     : dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5"));
  }();
  if (report != nullptr && handle != RTLD_NEXT) {
    Dl_info here = {};
    Dl_info where = {};
    dladdr(reinterpret_cast<void*>(&Fails), &here);
    static void* const kOwn = dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    void* own = kOwn == nullptr || strcmp(name, "dlsym") == 0 ? nullptr : kReal(kOwn, name);
    if (own != nullptr && dladdr(own, &where) != 0 && where.dli_fbase == here.dli_fbase) {
      return own;
    }
  }
  return kReal(handle, name);
}

}  // extern "C"

#pragma GCC visibility pop
