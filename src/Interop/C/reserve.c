/* Threads that wait before there is a runtime, so that it needs to make none: it ends the process when it finds none. They are made
 * by initialize, which may refuse; what the runtime and its pool ask for until it ends they get from here. */
#include <stdlib.h>

#include "front.h"

/* Limits.PoolThreads; and finalizers, the pool's gate, timers, sockets. */
enum { RESERVED = 8 + 4 };

/* Where a thread waits; it goes with the waiting. */
struct seat {
  pthread_t thread;
  void* (*body)(void*);
  void* argument;
  int is_dismissed;
  struct seat* next;
};

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_changed = PTHREAD_COND_INITIALIZER;
static struct seat* s_waiting;

static void* sit(void* argument) {
  struct seat* seat = argument;
  pthread_mutex_lock(&s_lock);
  while (seat->body == NULL && !seat->is_dismissed) {
    pthread_cond_wait(&s_changed, &s_lock);
  }
  pthread_mutex_unlock(&s_lock);
  const struct seat left = *seat;
  free(seat);
  return left.is_dismissed ? NULL : left.body(left.argument);
}

static int add(const pthread_attr_t* attributes) {
  struct seat* seat = calloc(1, sizeof(*seat));
  if (seat == NULL) {
    return 0;
  }
  pthread_mutex_lock(&s_lock);
  const int is_made = interop_sessions_make_thread(&seat->thread, attributes, sit, seat) == 0;
  if (is_made) {
    seat->next = s_waiting;
    s_waiting = seat;
  } else {
    free(seat);
  }
  pthread_mutex_unlock(&s_lock);
  return is_made;
}

int interop_sessions_make_reserve(void) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) {
    return 0;
  }
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int made = 0;
  while (made < RESERVED && add(&attributes)) {
    made++;
  }
  pthread_attr_destroy(&attributes);
  if (made < RESERVED) {
    interop_sessions_end_reserve();
  }
  return made == RESERVED;
}

int interop_sessions_take_reserved(pthread_t* thread, void* (*body)(void*), void* argument) {
  pthread_mutex_lock(&s_lock);
  struct seat* seat = s_waiting;
  if (seat != NULL) {
    s_waiting = seat->next;
    *thread = seat->thread;
    seat->argument = argument;
    seat->body = body;
    pthread_cond_broadcast(&s_changed);
  }
  pthread_mutex_unlock(&s_lock);
  return seat != NULL;
}

void interop_sessions_end_reserve(void) {
  pthread_mutex_lock(&s_lock);
  for (struct seat* seat = s_waiting; seat != NULL; seat = seat->next) {
    seat->is_dismissed = 1;
  }
  s_waiting = NULL;
  pthread_cond_broadcast(&s_changed);
  pthread_mutex_unlock(&s_lock);
}
