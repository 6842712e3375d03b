// api: the functions of the library, found at link time or by dlopen. Everything else in the C++
// API calls through such a table, so the same code serves both kinds of program.
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <string>
#include <utility>

#include "result.hpp"

// Every function of the C ABI, once, without its prefix.
// clang-format off
#define INTEROP_SESSIONS_FUNCTIONS(X) \
  X(abi_version) X(version) X(status_name) X(session_state_name) X(end_reason_name) \
  X(access_point_kind_name) X(connection_state_name) X(lease_check) X(fence_check) X(free) X(initialize) X(shutdown) X(set_log_level) X(library_get_statistics) \
  X(master_start) \
  X(master_leads) X(master_port) X(master_resign) X(master_get_statistics) X(master_list_sessions) \
  X(master_count_sessions) X(master_get_session) X(master_find_session) X(master_get_item) \
  X(master_revoke_session) \
  X(master_revoke_session_async) X(master_list_items) X(master_stop) X(follower_manager_create) X(follower_manager_set_endpoints) X(follower_manager_get_statistics) X(follower_manager_close) \
  X(follower_create) X(follower_register_session_create_cb) \
  X(unregister_session_create_cb) X(follower_create_session) \
  X(follower_create_session_async) X(follower_reattach_session) \
  X(follower_reattach_session_async) X(follower_report_health) X(operation_cancel) X(operation_wait) X(follower_cancel_operations) \
  X(follower_session) X(follower_get_statistics) X(follower_set_item) X(follower_remove_item) X(follower_apply_items) X(follower_get_item) \
  X(follower_list_items) X(follower_find_access_point) X(follower_release_access_point) \
  X(follower_list_sessions) X(follower_list_sessions_async) X(follower_find_session) X(follower_find_session_async) \
  X(follower_list_session_items) X(follower_list_session_items_async) \
  X(follower_report_data) X(follower_set_item_async) X(follower_remove_item_async) X(follower_apply_items_async) \
  X(follower_get_item_async) X(follower_list_items_async) X(follower_find_access_point_async) \
  X(follower_release_access_point_async) X(follower_report_data_async) X(follower_in_callback) \
  X(follower_close) X(follower_close_async) X(follower_lease)
// clang-format on

INTEROP_SESSIONS_BEGIN

inline constexpr std::uint32_t compiled_abi_version =
    INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;

struct api {
#define INTEROP_SESSIONS_POINTER(name) decltype(&interop_sessions_##name) name = nullptr;
  INTEROP_SESSIONS_FUNCTIONS(INTEROP_SESSIONS_POINTER)
#undef INTEROP_SESSIONS_POINTER

  // The library that the program is linked with. A program that never calls this needs none.
  [[nodiscard]] static api linked() noexcept {
    api found;
#define INTEROP_SESSIONS_LINKED(name) found.name = &interop_sessions_##name;
    INTEROP_SESSIONS_FUNCTIONS(INTEROP_SESSIONS_LINKED)
#undef INTEROP_SESSIONS_LINKED
    return found;
  }

  // The library at `path`; a bare name such as "libinterop_sessions.so.1" is searched as dlopen does. The
  // library stays loaded until the process ends: a library with a runtime in it cannot be unloaded.
  // INVALID_ARGUMENT when the library cannot be opened or is of another ABI.
  template <class = void>
  [[nodiscard]] static result<api> load(const std::string& path) {
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      return refused(::dlerror());
    }
    // The version first: an older library lacks functions, and saying "too old" explains it better.
    const auto version_of = reinterpret_cast<decltype(&interop_sessions_abi_version)>(
        ::dlsym(library, "interop_sessions_abi_version"));
    if (version_of == nullptr) {
      return refused(path + ": is not libinterop_sessions.so");
    }
    if (!is_compatible(version_of())) {
      return refused(path + ": is of ABI " + abi_text(version_of()) + ", this program needs " +
                         abi_text(compiled_abi_version),
                     INTEROP_SESSIONS_ABI_MISMATCH, "ABI_MISMATCH");
    }
    api found;
#define INTEROP_SESSIONS_LOADED(name)                                   \
  found.name = reinterpret_cast<decltype(&interop_sessions_##name)>(    \
      ::dlsym(library, "interop_sessions_" #name));                     \
  if (found.name == nullptr) {                                          \
    return refused(path + ": has no function interop_sessions_" #name); \
  }
    INTEROP_SESSIONS_FUNCTIONS(INTEROP_SESSIONS_LOADED)
#undef INTEROP_SESSIONS_LOADED
    return found;
  }

 private:
  static bool is_compatible(std::uint32_t version) noexcept {
    return version >> 16 == INTEROP_SESSIONS_ABI_MAJOR && version >= compiled_abi_version;
  }

  static std::string abi_text(std::uint32_t version) {
    return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
  }

  // The name beside the status, since there may be no library to ask for it.
  static failure refused(std::string message,
                         interop_sessions_status code = INTEROP_SESSIONS_INVALID_ARGUMENT,
                         const char* name = "INVALID_ARGUMENT") {
    return failure(error{code, name, std::move(message)});
  }
};

INTEROP_SESSIONS_END
