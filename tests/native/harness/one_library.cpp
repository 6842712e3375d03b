#include "one_library.hpp"

#include <mutex>

namespace harness {
namespace {

std::mutex users_lock;
int users = 0;

interop_sessions_status Initialize(const interop_sessions_options* options,
                                   interop_sessions_error* error) {
  const std::lock_guard hold(users_lock);
  if (users == 0) {
    interop_sessions_options silent = *options;
    silent.log = nullptr;
    silent.log_user_data = nullptr;
    silent.log_level = INTEROP_SESSIONS_LOG_NONE;
    const interop_sessions_status started = interop_sessions_initialize(&silent, error);
    if (started != INTEROP_SESSIONS_OK) {
      return started;
    }
  }
  ++users;
  return INTEROP_SESSIONS_OK;
}

interop_sessions_status Shutdown(interop_sessions_error* error) {
  const std::lock_guard hold(users_lock);
  const interop_sessions_status ended =
      users == 1 ? interop_sessions_shutdown(error) : INTEROP_SESSIONS_OK;
  users -= ended == INTEROP_SESSIONS_OK ? 1 : 0;
  return ended;
}

}  // namespace

interop::sessions::api OneLibrary() {
  interop::sessions::api shared = interop::sessions::api::linked();
  shared.initialize = &Initialize;
  shared.shutdown = &Shutdown;
  return shared;
}

}  // namespace harness
