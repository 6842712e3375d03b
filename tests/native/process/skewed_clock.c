// Preloaded into a holder, it makes CLOCK_BOOTTIME run at another rate from a given moment on. Other
// clocks stay, as what sleeps in the kernel does.
//
//   SKEWED_CLOCK_ORIGIN_NS   CLOCK_BOOTTIME at which both clocks agree
//   SKEWED_CLOCK_RATE_PPM    how many parts of a million pass while a million pass in truth

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t NumberOf(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int failed = (int)syscall(SYS_clock_gettime, clock, now);
  if (failed == 0 && clock == CLOCK_BOOTTIME) {
    static int64_t origin_ns = -1;
    static int64_t rate_ppm = 1000000;
    if (__atomic_load_n(&origin_ns, __ATOMIC_ACQUIRE) < 0) {
      rate_ppm = NumberOf("SKEWED_CLOCK_RATE_PPM", 1000000);
      __atomic_store_n(&origin_ns, NumberOf("SKEWED_CLOCK_ORIGIN_NS", 0), __ATOMIC_RELEASE);
    }
    const int64_t true_ns = (int64_t)now->tv_sec * 1000000000 + now->tv_nsec;
    const int64_t skewed_ns = origin_ns + (true_ns - origin_ns) / 1000000 * rate_ppm +
                              (true_ns - origin_ns) % 1000000 * rate_ppm / 1000000;
    now->tv_sec = skewed_ns / 1000000000;
    now->tv_nsec = skewed_ns % 1000000000;
  }
  return failed;
}

// A managed runtime asks libc itself for its clock_gettime, past what is preloaded.
void* dlsym(void* handle, const char* name) {
  static void* (*real)(void*, const char*) = NULL;
  if (real == NULL) {
    *(void**)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (real == NULL) {
      *(void**)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    }
  }
  return strcmp(name, "clock_gettime") == 0 ? (void*)clock_gettime : real(handle, name);
}
