/* What the runtime makes of descriptors that a host closed or replaced under it. Daemons do that, and none of it may end or hang a host:
 * its calls end by their time-outs. The linker gives the runtime these for what they wrap. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int __real_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms);
int __wrap_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms);
int32_t __wrap_minipal_get_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count);
void __wrap_minipal_get_non_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count);

/* The runtime's thread for sockets ends the process when what it waits on is no epoll descriptor any more. Instead nothing is heard of
 * any socket from then on: the number may become that of a descriptor of the host's, whose events are not ours to take. */
int __wrap_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms) {
  static _Thread_local int is_gone;
  const int count = is_gone ? -1 : __real_epoll_wait(epoll, events, most, timeout_ms);
  if (is_gone || (count < 0 && errno != EINTR)) {
    is_gone = is_gone || errno == EBADF || errno == EINVAL;
    const struct timespec pause = {.tv_sec = 1};
    nanosleep(&pause, NULL);
    errno = EINTR;
  }
  return count;
}

/* Where a filter of system calls refuses getrandom. */
static int fill_from_file(uint8_t* bytes, int32_t count) {
  const int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  int32_t filled = 0;
  while (file >= 0 && filled < count) {
    const ssize_t more = read(file, bytes + filled, (size_t)(count - filled));
    if (more == 0 || (more < 0 && errno != EINTR)) {
      break;
    }
    filled += more > 0 ? (int32_t)more : 0;
  }
  if (file >= 0) {
    close(file);
  }
  return filled == count ? 0 : -1;
}

static int fill(uint8_t* bytes, int32_t count) {
  int32_t filled = 0;
  while (filled < count) {
    const ssize_t more = getrandom(bytes + filled, (size_t)(count - filled), 0);
    if (more >= 0) {
      filled += (int32_t)more;
    } else if (errno != EINTR) {
      return fill_from_file(bytes + filled, count - filled);
    }
  }
  return 0;
}

/* The runtime keeps a descriptor of /dev/urandom, and reads on until it has all that it wants: for ever, where there is something else
 * now that has nothing. */
int32_t __wrap_minipal_get_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count) {
  return fill(bytes, count);
}

/* As above, for seeds of hashes. It cannot say that there are none. */
void __wrap_minipal_get_non_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count) {
  (void)fill(bytes, count);
}
