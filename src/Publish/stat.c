// Until glibc 2.33 stat was no function of the library: the header turned it into a call that names
// the layout of struct stat. SQLite's static library is compiled for a later one.

#define _GNU_SOURCE
#include <sys/stat.h>

#ifdef __x86_64__
enum { layout = 1 };
#else
enum { layout = 0 };
#endif

int __xstat64(int, const char*, struct stat64*);
int __lxstat64(int, const char*, struct stat64*);
int __fxstat64(int, int, struct stat64*);

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN int stat64(const char* path, struct stat64* answer) {
  return __xstat64(layout, path, answer);
}

HIDDEN int lstat64(const char* path, struct stat64* answer) {
  return __lxstat64(layout, path, answer);
}

HIDDEN int fstat64(int descriptor, struct stat64* answer) {
  return __fxstat64(layout, descriptor, answer);
}
