/* How every thread of the library is made, the runtime's own among them: the linker gives it this for pthread_create. A thread takes
 * CPUs, scheduling class and stack from whoever happens to make it; that may be a host's poller on its one core. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front.h"

int __real_pthread_create(pthread_t* thread, const pthread_attr_t* asked, void* (*body)(void*),
                          void* argument);

/* As many CPUs as Linux supports. */
enum { MAX_CPUS = 8192 };

/* Limits.OwnStackBytes: what a thread gets for which nobody asks for more. */
enum { OWN_STACK_BYTES = 512 * 1024 };

static unsigned char s_cpus[CPU_ALLOC_SIZE(MAX_CPUS)];
static size_t s_cpus_size;
static size_t s_stack_bytes;

/* The class as sched(7) numbers it; -1: that of the main thread. */
static int s_policy = -1;
static struct sched_param s_priority;

/* What is no class, or no priority of one, is refused a moment later, by name. */
static int policy_of(const interop_sessions_options* options) {
  const int is_usual = options->thread_priority == 0;
  const int is_real_time = options->thread_priority >= 1 && options->thread_priority <= 99;
  switch (options->thread_class) {
    case INTEROP_SESSIONS_THREADS_OTHER:
      return is_usual ? SCHED_OTHER : -1;
    case INTEROP_SESSIONS_THREADS_BATCH:
      return is_usual ? SCHED_BATCH : -1;
    case INTEROP_SESSIONS_THREADS_FIFO:
      return is_real_time ? SCHED_FIFO : -1;
    case INTEROP_SESSIONS_THREADS_ROUND_ROBIN:
      return is_real_time ? SCHED_RR : -1;
    default:
      return -1;
  }
}

/* What the C library takes of a stack before the thread's own first frame: the thread-local variables of the whole process, of which a
 * host, or a sanitizer, may have more than our stacks are large. */
static size_t (*s_get_minstack)(const pthread_attr_t*);

static size_t taken_bytes(const pthread_attr_t* attributes) {
  return s_get_minstack == NULL ? 0 : s_get_minstack(attributes);
}

/* Before there is a runtime: the collector makes a thread while all others are stopped, one of which may hold the loader's lock, which a
 * look-up takes too. */
static void find_minstack(void) {
  s_get_minstack = (size_t(*)(const pthread_attr_t*))dlsym(RTLD_DEFAULT, "__pthread_get_minstack");
}

void interop_sessions_choose_threads(const interop_sessions_options* options) {
  if (s_get_minstack == NULL) {
    find_minstack();
  }
  s_cpus_size = 0;
  s_stack_bytes = 0;
  s_policy = -1;
  if (options == NULL || !interop_sessions_is_size(options->struct_size, sizeof(*options))) {
    return;
  }
  s_stack_bytes = options->thread_stack_bytes;
  s_policy = policy_of(options);
  s_priority.sched_priority = (int)options->thread_priority;
  /* What is no mask is refused a moment later, by name. */
  if (options->cpu_mask.data != NULL && options->cpu_mask.size <= sizeof(s_cpus)) {
    s_cpus_size = options->cpu_mask.size;
    memcpy(s_cpus, options->cpu_mask.data, s_cpus_size);
  }
}

int interop_sessions_has_cpus(void) {
  return s_cpus_size == 0 || sched_setaffinity(0, s_cpus_size, (const cpu_set_t*)s_cpus) == 0;
}

int interop_sessions_has_class(void) {
  return s_policy < 0 || sched_setscheduler(0, s_policy, &s_priority) == 0;
}

static size_t stack_of(const pthread_attr_t* fresh, const pthread_attr_t* asked) {
  size_t usual = 0;
  size_t wanted = 0;
  pthread_attr_getstacksize(fresh, &usual);
  pthread_attr_getstacksize(asked, &wanted);
  wanted = wanted == usual ? OWN_STACK_BYTES : wanted;
  return (wanted < s_stack_bytes ? s_stack_bytes : wanted) + taken_bytes(fresh);
}

/* The chosen CPUs, or those of the main thread, as an operator may have set them meanwhile. */
static void give_cpus(pthread_attr_t* attributes) {
  unsigned char of_main[sizeof(s_cpus)];
  if (s_cpus_size != 0) {
    pthread_attr_setaffinity_np(attributes, s_cpus_size, (const cpu_set_t*)s_cpus);
  } else if (sched_getaffinity(getpid(), sizeof(of_main), (cpu_set_t*)of_main) == 0) {
    pthread_attr_setaffinity_np(attributes, sizeof(of_main), (const cpu_set_t*)of_main);
  }
}

/* What a thread is made for, and its class as sched(7) numbers it; the attributes of pthreads know but some of them. */
struct thread_start {
  void* (*body)(void*);
  void* argument;
  int policy;
  struct sched_param priority;
};

static void* begin(void* argument) {
  const struct thread_start start = *(struct thread_start*)argument;
  free(argument);
  /* A container may forbid the class: a thread of the wrong one is better than none. */
  (void)sched_setscheduler(0, start.policy, &start.priority);
  return start.body(start.argument);
}

static struct thread_start* new_start(void* (*body)(void*), void* argument) {
  struct thread_start* start = malloc(sizeof(*start));
  if (start != NULL) {
    *start = (struct thread_start){body, argument, s_policy, s_priority};
    if (s_policy < 0) {
      start->policy = sched_getscheduler(getpid());
      sched_getparam(getpid(), &start->priority);
    }
  }
  return start;
}

/* May one of the reserve do? They are detached, and have the usual stack. */
static int is_usual(const pthread_attr_t* asked) {
  pthread_attr_t fresh;
  int detached = PTHREAD_CREATE_JOINABLE;
  if (asked == NULL || pthread_attr_getdetachstate(asked, &detached) != 0 ||
      detached != PTHREAD_CREATE_DETACHED || pthread_attr_init(&fresh) != 0) {
    return 0;
  }
  const int is_small = stack_of(&fresh, asked) <= stack_of(&fresh, &fresh);
  pthread_attr_destroy(&fresh);
  return is_small;
}

int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* asked, void* (*body)(void*),
                          void* argument) {
  return is_usual(asked) && interop_sessions_take_reserved(thread, body, argument)
             ? 0
             : interop_sessions_make_thread(thread, asked, body, argument);
}

int interop_sessions_make_thread(pthread_t* thread, const pthread_attr_t* asked,
                                 void* (*body)(void*), void* argument) {
  pthread_attr_t attributes;
  struct thread_start* start = new_start(body, argument);
  if (start == NULL || pthread_attr_init(&attributes) != 0) {
    free(start);
    return EAGAIN;
  }
  if (asked != NULL) {
    int detached = PTHREAD_CREATE_JOINABLE;
    pthread_attr_getdetachstate(asked, &detached);
    pthread_attr_setdetachstate(&attributes, detached);
  }
  pthread_attr_t fresh;
  pthread_attr_init(&fresh);
  pthread_attr_setstacksize(&attributes, stack_of(&fresh, asked == NULL ? &fresh : asked));
  pthread_attr_destroy(&fresh);
  give_cpus(&attributes);
  int failed = __real_pthread_create(thread, &attributes, begin, start);
  pthread_attr_destroy(&attributes);
  if (failed == EINVAL) {
    /* A container may take the CPUs away: a thread on wrong ones is better than none. */
    failed = __real_pthread_create(thread, asked, begin, start);
  }
  if (failed != 0) {
    free(start);
  }
  return failed;
}
