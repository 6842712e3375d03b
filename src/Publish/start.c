// From glibc 2.34 the C library runs a program's constructors, and the start files leave them to it.
// Before, the program brought the loop that does it; every glibc still takes one.

#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

typedef void constructor(int, char**, char**);

extern HIDDEN constructor* __preinit_array_start[];
extern HIDDEN constructor* __preinit_array_end[];
extern HIDDEN constructor* __init_array_start[];
extern HIDDEN constructor* __init_array_end[];
extern void _init(void);

static void construct(int argc, char** argv, char** environment) {
  for (constructor** each = __preinit_array_start; each != __preinit_array_end; ++each) {
    (*each)(argc, argv, environment);
  }
  _init();
  for (constructor** each = __init_array_start; each != __init_array_end; ++each) {
    (*each)(argc, argv, environment);
  }
}

int __real___libc_start_main(int (*)(int, char**, char**), int, char**, constructor*,
                             void (*)(void), void (*)(void), void*);
int __wrap___libc_start_main(int (*main)(int, char**, char**), int argc, char** argv,
                             constructor* unused, void (*fini)(void), void (*loader_fini)(void),
                             void* stack_end) {
  (void)unused;
  return __real___libc_start_main(main, argc, argv, construct, fini, loader_fini, stack_end);
}
