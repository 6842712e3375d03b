/* initialize() and shutdown() as far as they are not the runtime's, and what a forked child is told. */
#include "front.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

interop_sessions_status interop_sessions_managed_initialize(const interop_sessions_options* options,
                                                            interop_sessions_library* library,
                                                            interop_sessions_error* error);
int32_t interop_sessions_managed_libraries(void);
interop_sessions_status interop_sessions_managed_shutdown(interop_sessions_library library,
                                                          uint32_t timeout_ms,
                                                          interop_sessions_error* error);

enum { UNTOUCHED, STARTED, FORKED };

/* Whether there is a runtime in this process that lives. A child has a copy of its memory and none of its threads. */
static _Atomic int s_runtime = UNTOUCHED;

/* One initialize or shutdown at a time tells the threads' makers; neither waits for a callback while it holds this. */
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether the runtime has all its threads: they stay for the life of the process. */
static int s_has_threads;

struct start {
  const interop_sessions_options* options;
  interop_sessions_library* library;
  interop_sessions_error* error;
  interop_sessions_status status;
};

static int is_usable(const interop_sessions_error* error) {
  return interop_sessions_is_size(error->struct_size, sizeof(*error));
}

interop_sessions_status interop_sessions_fail(interop_sessions_error* error,
                                              interop_sessions_status status, const char* message) {
  if (error == NULL) {
    return status;
  }
  if (!is_usable(error)) {
    return INTEROP_SESSIONS_INVALID_STRUCT_SIZE;
  }
  const size_t room = sizeof(error->message) - 1;
  const size_t length = strlen(message) < room ? strlen(message) : room;
  error->status = status;
  error->flags = status == INTEROP_SESSIONS_OUT_OF_RESOURCES ? INTEROP_SESSIONS_ERROR_PASSING : 0;
  error->retry_after_ms = 0;
  error->leader_hint[0] = '\0';
  memcpy(error->message, message, length);
  error->message[length] = '\0';
  return status;
}

interop_sessions_status interop_sessions_refuse(interop_sessions_error* error) {
  switch (atomic_load_explicit(&s_runtime, memory_order_acquire)) {
    case STARTED:
      return error == NULL || is_usable(error) ? INTEROP_SESSIONS_OK
                                               : INTEROP_SESSIONS_INVALID_STRUCT_SIZE;
    case FORKED:
      return interop_sessions_fail(
          error, INTEROP_SESSIONS_NOT_INITIALIZED,
          "this process was forked from one that had initialised the library, which is the "
          "parent's alone: fork before interop_sessions_initialize, or exec in the child");
    default:
      return interop_sessions_fail(
          error, INTEROP_SESSIONS_NOT_INITIALIZED,
          "interop_sessions_initialize was not called, or the library is shut down");
  }
}

static void note_fork(void) { atomic_store(&s_runtime, FORKED); }

static void* run(void* argument) {
  struct start* start = argument;
  if (!interop_sessions_has_cpus()) {
    start->status =
        interop_sessions_fail(start->error, INTEROP_SESSIONS_INVALID_ARGUMENT,
                              "options->cpu_mask has no CPU that this process may run on");
  } else if (!interop_sessions_has_class()) {
    start->status = interop_sessions_fail(
        start->error, INTEROP_SESSIONS_INVALID_ARGUMENT,
        "options->thread_class is one that this process is not allowed to use at this priority "
        "(RLIMIT_RTPRIO, CAP_SYS_NICE)");
  } else {
    start->status =
        interop_sessions_managed_initialize(start->options, start->library, start->error);
  }
  return NULL;
}

/* On a thread of its own: the runtime takes what it finds there, CPUs and all, for what the process has. */
static interop_sessions_status initialize(struct start* start) {
  interop_sessions_error* error = start->error;
  pthread_t thread;
  if (atomic_load(&s_runtime) == UNTOUCHED) {
    if (pthread_atfork(NULL, NULL, note_fork) != 0) {
      return interop_sessions_fail(error, INTEROP_SESSIONS_OUT_OF_RESOURCES,
                                   "no memory for a handler of fork");
    }
    atomic_store(&s_runtime, STARTED);
  }
  if (!s_has_threads || interop_sessions_managed_libraries() == 0) {
    interop_sessions_choose_threads(start->options);
  }
  if ((!s_has_threads && !interop_sessions_make_reserve()) ||
      interop_sessions_make_thread(&thread, NULL, run, start) != 0) {
    interop_sessions_end_reserve();
    return interop_sessions_fail(
        error, INTEROP_SESSIONS_OUT_OF_RESOURCES,
        "no threads to initialise with: the process is at its limit of threads (pids.max, "
        "RLIMIT_NPROC) or of memory");
  }
  pthread_join(thread, NULL);
  interop_sessions_end_reserve();
  s_has_threads |= start->status == INTEROP_SESSIONS_OK;
  return start->status;
}

interop_sessions_status interop_sessions_initialize(const interop_sessions_options* options,
                                                    interop_sessions_library* library,
                                                    interop_sessions_error* error) {
  struct start start = {options, library, error, INTEROP_SESSIONS_INTERNAL};
  if (atomic_load(&s_runtime) == FORKED) {
    start.status = interop_sessions_refuse(error);
  } else {
    pthread_mutex_lock(&s_lock);
    start.status = initialize(&start);
    pthread_mutex_unlock(&s_lock);
  }
  /* On the caller's thread and without the lock: the host may initialise again there. */
  if (start.status != INTEROP_SESSIONS_OK || options->log == NULL) {
    interop_sessions_release_log(options);
  }
  return start.status;
}

interop_sessions_status interop_sessions_shutdown(interop_sessions_library library,
                                                  uint32_t timeout_ms,
                                                  interop_sessions_error* error) {
  const interop_sessions_status refusal = interop_sessions_refuse(error);
  return refusal != INTEROP_SESSIONS_OK
             ? refusal
             : interop_sessions_managed_shutdown(library, timeout_ms, error);
}
