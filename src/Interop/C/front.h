/* The part of the library that is C: it stands before the runtime. */
#ifndef INTEROP_SESSIONS_FRONT_H
#define INTEROP_SESSIONS_FRONT_H

#include <interop_sessions/interop_sessions.h>
#include <pthread.h>

/* OK where the runtime may be called; otherwise why not, which `error` is told too. An `error` that cannot be told anything is
 * refused here too, so that whatever else a call was given is released in one place. */
interop_sessions_status interop_sessions_refuse(interop_sessions_error* error);

/* Fills `error`, cut to fit, and gives the status back. INVALID_STRUCT_SIZE if it cannot be filled. */
interop_sessions_status interop_sessions_fail(interop_sessions_error* error,
                                              interop_sessions_status status, const char* message);

/* How much larger the struct of a later release may be: as in Arguments.cs. */
enum { INTEROP_SESSIONS_MAX_LATER_BYTES = 4096 };

/* Whether `struct_size` is that of a struct of this release, which has `own` bytes, or of a later one. */
int interop_sessions_is_size(uint32_t struct_size, size_t own);

/* Tells a host that a call is refused which was given its user_data. */
void interop_sessions_release(void* user_data, interop_sessions_release_cb release);

/* The same of what stands in a table that the options lead to, if both have a size that is one. */
void interop_sessions_release_log(const interop_sessions_options* options);
void interop_sessions_release_hooks(const interop_sessions_master_options* options);
void interop_sessions_release_callbacks(const interop_sessions_follower_options* options);

/* How the threads are made that begin from now on: the library's own and the runtime's. */
void interop_sessions_choose_threads(const interop_sessions_options* options);

/* Whether the calling thread may run on the chosen CPUs, which it does from now on. */
int interop_sessions_has_cpus(void);

/* The same of the chosen scheduling class. */
int interop_sessions_has_class(void);

/* As pthread_create, for a thread of the library: with its CPUs, scheduling class and stack. */
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* asked, void* (*body)(void*),
                          void* argument);

/* The same, and never one of the reserve. */
int interop_sessions_make_thread(pthread_t* thread, const pthread_attr_t* asked,
                                 void* (*body)(void*), void* argument);

/* Makes the threads that the runtime will need; 0: not all, and then none. */
int interop_sessions_make_reserve(void);

/* Gives a body to one of them; 0: there is none. */
int interop_sessions_take_reserved(pthread_t* thread, void* (*body)(void*), void* argument);

/* Lets those go that nobody took. */
void interop_sessions_end_reserve(void);

#endif /* INTEROP_SESSIONS_FRONT_H */
