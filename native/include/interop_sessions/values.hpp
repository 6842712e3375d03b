// The values that go in and out: plain C++ types that own what they hold, unless a comment says
// "valid until the callback returns". Field names and units are those of the C header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "result.hpp"

INTEROP_SESSIONS_BEGIN

using session_state = interop_sessions_session_state;
using end_reason = interop_sessions_end_reason;
using recreate_policy = interop_sessions_recreate_policy;
using access_point_kind = interop_sessions_access_point_kind;
using item_change_kind = interop_sessions_item_change_kind;
using log_level = interop_sessions_log_level;
using session_flags = interop_sessions_session_flags;
using connection_state = interop_sessions_connection_state;
using follower_statistics = interop_sessions_follower_statistics;
using follower_manager_statistics = interop_sessions_follower_manager_statistics;
using master_statistics = interop_sessions_master_statistics;
using library_statistics = interop_sessions_library_statistics;

using bytes = span<const std::byte>;

inline constexpr std::uint64_t any_revision = INTEROP_SESSIONS_ANY_REVISION;

// What a hook or callback decided: `return verdict::accept();`, `return verdict::refuse("disk is failing");`, or
// a bool, of which true accepts. Only a bool itself: a text would be true.
struct verdict {
  std::optional<std::string> refusal = {};  // the reason, which is cut at 255 bytes; may be empty

  verdict() noexcept = default;
  template <class Bool, class = std::enable_if_t<std::is_same_v<Bool, bool>>>
  verdict(Bool accepts) {
    if (!accepts) {
      refusal.emplace();
    }
  }

  static verdict accept() { return {}; }
  static verdict refuse(std::string reason = {}) {
    verdict said;
    said.refusal = std::move(reason);
    return said;
  }
};

// The pids from start_pid up to start_pid + report_size - 1; report_size 0: no report is wanted.
struct report_window {
  std::uint64_t start_pid = 0;
  std::uint32_t report_size = 0;
};

struct session {
  session_state state = INTEROP_SESSIONS_STATE_NONE;
  std::uint64_t session_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t master_epoch = 0;
  std::uint64_t capabilities = 0;
  interop::sessions::report_window report_window = {};
  std::uint32_t term_ms = 0;
  interop_sessions_end_reason end_reason = INTEROP_SESSIONS_END_NONE;
  std::uint32_t flags = 0;  // of a follower: INTEROP_SESSIONS_SESSION_DRAINING, or none
  std::int64_t deadline_ns = 0;
  interop_sessions_secret secret = {};  // for reattach_session; not for logs
  std::string end_text = {};            // in session_lost: what happened, for people
  std::string drain_reason = {};        // while it is drained: why, for people; may be empty

  [[nodiscard]] bool is(session_flags flag) const noexcept { return (flags & flag) != 0; }
};

// Where a server answers, and how.
struct endpoint {
  access_point_kind kind = {};
  std::string address = {};
};

struct item {
  std::string key = {};
  std::vector<std::byte> value = {};
  std::uint64_t revision = 0;
};

// What a server says of itself when it asks for a session.
struct server_description {
  std::uint32_t term_ms = 0;
  std::uint64_t capabilities = 0;
  std::vector<endpoint> endpoints = {};  // find_access_point answers the first of a kind
  std::vector<item> items = {};  // what the session has from its first moment; of revision 0
};

// What a master knows of a session, as its hooks and its lists show it.
struct session_request {
  std::uint32_t term_ms = 0;
  std::uint64_t session_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t capabilities = 0;
  std::uint64_t master_epoch = 0;  // of the leadership that asks; 0 in session_initialize
  std::uint32_t process_id = 0;
  std::uint32_t flags = 0;  // of session_flags; 0 in session_initialize, as the next three
  std::uint32_t item_count = 0;
  std::int64_t created_ns = 0;  // CLOCK_BOOTTIME of the master; 0: under an earlier leadership
  std::int64_t renewed_ns = 0;  // when the holder was last heard; 0: not in this leadership
  std::string identity = {};
  std::string host_name = {};
  std::vector<endpoint> endpoints = {};
  std::string end_text = {};     // in session_ended: what happened, or the reason of a revocation
  std::vector<item> items = {};  // while it is created: what the create brings

  [[nodiscard]] bool is(session_flags flag) const noexcept { return (flags & flag) != 0; }
};

struct session_row {
  session info;
  session_request request;
};

struct session_page {
  std::vector<session_row> rows;
  std::uint64_t next_session_id = 0;  // 0: this was the last page
};

struct access_point {
  std::uint64_t session_id = 0;
  std::uint64_t epoch = 0;
  std::string endpoint = {};
  std::string identity = {};
  std::uint64_t revision = 0;  // names the assignment, for its release
};

// Which assignment a release means: the one that find_access_point answered, so that a newer one is
// left as it is; std::nullopt: whichever there is.
class released_assignment {
 public:
  released_assignment(const access_point& found) noexcept : is_named_(true) {
    name_.struct_size = sizeof(name_);
    name_.session_id = found.session_id;
    name_.epoch = found.epoch;
    name_.revision = found.revision;
  }
  released_assignment(std::nullopt_t) noexcept {}

  // NULL without a name. The texts of the access point are left out, since they name nothing.
  [[nodiscard]] const interop_sessions_access_point* get() const noexcept {
    return is_named_ ? &name_ : nullptr;
  }

 private:
  bool is_named_ = false;
  interop_sessions_access_point name_{};
};

// One of several changes that are made together: apply_items(epoch, {item_change::set("rack", value), ...}).
struct item_change {
  item_change_kind kind = {};
  std::string key = {};
  std::vector<std::byte> value = {};              // of a set
  std::uint64_t compare_revision = any_revision;  // 0: the item must not exist

  template <class = void>
  static item_change set(std::string key, bytes value,
                         std::uint64_t compare_revision = any_revision) {
    return {INTEROP_SESSIONS_ITEM_SET, std::move(key),
            std::vector<std::byte>(value.data(), value.data() + value.size()), compare_revision};
  }
  // The item must exist.
  template <class = void>
  static item_change remove(std::string key, std::uint64_t compare_revision = any_revision) {
    return {INTEROP_SESSIONS_ITEM_REMOVE, std::move(key), {}, compare_revision};
  }
  // This item is not changed, and the others are changed only if this one has the revision.
  template <class = void>
  static item_change check(std::string key, std::uint64_t revision) {
    return {INTEROP_SESSIONS_ITEM_CHECK, std::move(key), {}, revision};
  }
};

// An item's value is bytes; these functions are for values that hold text. Nothing is copied.
[[nodiscard]] inline bytes bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(bytes value) noexcept {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

INTEROP_SESSIONS_END
