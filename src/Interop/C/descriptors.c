/* What the runtime makes of descriptors that a host closed or replaced under it. Daemons do that, and none of it may end or hang a host:
 * its calls end by their time-outs. The linker gives the runtime these for what they wrap. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>

int __real_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms);
int __wrap_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms);
int32_t __wrap_minipal_get_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count);
void __wrap_minipal_get_non_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count);

/* The runtime's thread for sockets ends the process when what it waits on is no epoll descriptor any more. Instead nothing is heard of
 * any socket. */
int __wrap_epoll_wait(int epoll, struct epoll_event* events, int most, int timeout_ms) {
  const int count = __real_epoll_wait(epoll, events, most, timeout_ms);
  if (count < 0 && errno != EINTR) {
    const struct timespec pause = {.tv_sec = 1};
    nanosleep(&pause, NULL);
    errno = EINTR;
  }
  return count;
}

static int fill(uint8_t* bytes, int32_t count) {
  int32_t filled = 0;
  while (filled < count) {
    const ssize_t more = getrandom(bytes + filled, (size_t)(count - filled), 0);
    if (more >= 0) {
      filled += (int32_t)more;
    } else if (errno != EINTR && errno != EAGAIN) {
      return -1;
    }
  }
  return 0;
}

/* The runtime keeps a descriptor of /dev/urandom, and reads on until it has all that it wants: for ever, where there is something else
 * now that has nothing. */
int32_t __wrap_minipal_get_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count) {
  return fill(bytes, count);
}

/* As above, for seeds of hashes. It cannot say that there are none, which no kernel does that .NET runs on (Linux has it from 3.17). */
void __wrap_minipal_get_non_cryptographically_secure_random_bytes(uint8_t* bytes, int32_t count) {
  (void)fill(bytes, count);
}
