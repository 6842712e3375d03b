/* user_data of calls that are refused before the runtime hears of them, and of a log that nobody keeps. */
#include "front.h"

int interop_sessions_is_size(uint32_t struct_size, size_t own) {
  return struct_size >= own && struct_size <= own + INTEROP_SESSIONS_MAX_LATER_BYTES;
}

void interop_sessions_release(void* user_data, interop_sessions_release_cb release) {
  if (release != NULL) {
    release(user_data);
  }
}

void interop_sessions_release_log(const interop_sessions_options* options) {
  if (options != NULL && interop_sessions_is_size(options->struct_size, sizeof(*options))) {
    interop_sessions_release(options->log_user_data, options->log_release);
  }
}

void interop_sessions_release_hooks(const interop_sessions_master_options* options) {
  if (options != NULL && interop_sessions_is_size(options->struct_size, sizeof(*options))) {
    const interop_sessions_access_manager* hooks = options->access_manager;
    if (hooks != NULL && interop_sessions_is_size(hooks->struct_size, sizeof(*hooks))) {
      interop_sessions_release(hooks->user_data, hooks->release);
    }
  }
}

void interop_sessions_release_callbacks(const interop_sessions_follower_options* options) {
  if (options != NULL && interop_sessions_is_size(options->struct_size, sizeof(*options))) {
    const interop_sessions_follower_callbacks* callbacks = options->callbacks;
    if (callbacks != NULL && interop_sessions_is_size(callbacks->struct_size, sizeof(*callbacks))) {
      interop_sessions_release(callbacks->user_data, callbacks->release);
    }
  }
}
