// session_file_state: the file of a session_file, and what its copies share.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "../follower.hpp"

INTEROP_SESSIONS_BEGIN
namespace detail {

class descriptor {
 public:
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] bool opened() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

// What copies of a session_file and the follower's callables share.
class session_file_state {
 public:
  session_file_state(std::string path, std::string identity,
                     std::function<void(const error&)> failed)
      : path_(std::move(path)), identity_(std::move(identity)), failed_(std::move(failed)) {}

  session_file_state(const session_file_state&) = delete;
  session_file_state& operator=(const session_file_state&) = delete;
  ~session_file_state() { const descriptor lets_go(lock_file_); }

  // The secret in the file is of the process that holds the lock, or of none that lives: a process that ends
  // lets the lock go. Only the process that has the lock reads or writes the file. The answer is empty, or
  // says why the lock is not had.
  std::string lock() {
    const std::lock_guard hold(guard_);
    if (lock_file_ < 0) {
      lock_file_ = ::open((path_ + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR);
    }
    if (lock_file_ >= 0 && ::flock(lock_file_, LOCK_EX | LOCK_NB) == 0) {
      return {};
    }
    return errno == EWOULDBLOCK ? "another process of this server has it"
                                : because("cannot be locked");
  }

  // The session that the file names; without an id: none that may be used.
  session load() {
    session kept;
    if (const std::string why = lock(); !why.empty()) {
      tell(why);
      return kept;
    }
    const descriptor file(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    struct stat is = {};
    if (!file.opened() || ::fstat(file.get(), &is) != 0) {
      if (errno != ENOENT) {
        tell(because("cannot be opened"));
      }
    } else if (!S_ISREG(is.st_mode) || is.st_uid != ::geteuid() ||
               (is.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      tell("is not used: it must be a file of this user that nobody else may read or write");
    } else {
      char content[512] = {};
      const auto size = ::read(file.get(), content, sizeof(content) - 1);
      std::sscanf(content, format(), &kept.session_id, &kept.secret.low, &kept.secret.high);
      if (size < 0 ||
          std::string_view(content, static_cast<std::size_t>(size)) != content_of(kept)) {
        tell(size < 0 ? because("cannot be read")
                      : "is not used: it is not a whole session file of " + identity_);
        kept = {};
      }
    }
    return kept;
  }

  void save(const session& held) {
    std::string why = lock();
    if (why.empty() && !write(content_of(held))) {
      why = because("cannot be written");
    }
    if (!why.empty()) {
      tell(why);
    }
    const std::lock_guard hold(guard_);
    unsaved_ = std::move(why);
  }

  result<void> saved() const {
    const std::lock_guard hold(guard_);
    return unsaved_.empty() ? result<void>() : result<void>(failure(failed_with(unsaved_)));
  }

 private:
  // Replaces what was there in one step; the new content is on the disk when the function returns.
  [[nodiscard]] bool write(const std::string& content) const {
    const std::string next = path_ + ".new";
    ::unlink(next.c_str());  // of a process that was killed
    {
      const descriptor file(::open(
          next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
      if (!file.opened() ||
          ::write(file.get(), content.data(), content.size()) !=
              static_cast<::ssize_t>(content.size()) ||
          ::fsync(file.get()) != 0) {
        return false;
      }
    }
    const auto slash = path_.rfind('/');
    const std::string folder_name = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const descriptor folder(::open(folder_name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.opened() && ::rename(next.c_str(), path_.c_str()) == 0 &&
           ::fsync(folder.get()) == 0;
  }

  static const char* format() {
    return "interop-sessions session 1\nid %" SCNu64 "\nsecret %" SCNx64 " %" SCNx64 "\nof ";
  }

  std::string content_of(const session& held) const {
    char numbers[160];
    std::snprintf(numbers, sizeof(numbers),
                  "interop-sessions session 1\nid %" PRIu64 "\nsecret %" PRIx64 " %" PRIx64 "\nof ",
                  held.session_id, held.secret.low, held.secret.high);
    return numbers + identity_ + "\n";
  }

  static std::string because(const char* what) {
    return what + (": " + std::system_category().message(errno));
  }

  error failed_with(const std::string& what) const {
    return {INTEROP_SESSIONS_STORE_FAILED, "STORE_FAILED", "session file " + path_ + ": " + what};
  }

  void tell(const std::string& what) const {
    if (failed_) {
      failed_(failed_with(what));
    }
  }

  const std::string path_;
  const std::string identity_;
  const std::function<void(const error&)> failed_;
  mutable std::mutex guard_;  // of what follows
  int lock_file_ = -1;
  std::string unsaved_;  // why
};

}  // namespace detail
INTEROP_SESSIONS_END
