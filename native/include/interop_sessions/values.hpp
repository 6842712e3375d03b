// The values that go in and out: plain C++ types that own what they hold, unless a comment says
// "valid until the callback returns". Field names and units are those of the C header.
#pragma once

#include <algorithm>
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
  std::int64_t deadline_ns = 0;
  interop_sessions_secret secret = {};  // for reattach_session; not for logs
  std::string end_text = {};            // in session_lost: what happened, for people
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

namespace detail {

// A struct that the library fills.
template <class Struct>
Struct sized() noexcept {
  Struct made{};
  made.struct_size = sizeof(Struct);
  return made;
}

inline std::string_view view(interop_sessions_string text) noexcept {
  return {text.data, text.size};
}

inline interop_sessions_string to_c(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

inline interop_sessions_bytes to_c(bytes value) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()};
}

// The concepts of std::span's constructors are dear to compile: these conditions say the same without being
// checked where nothing calls.
inline interop_sessions_bytes whole_to_c(const std::vector<std::byte>& value) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()};
}
template <class T>
span<T> span_of(T* data, std::size_t size) noexcept {
  return {data, size};
}

// A count that does not fit is over every limit of the library, and the library then says so.
inline std::uint32_t to_c_count(std::size_t count) noexcept {
  return static_cast<std::uint32_t>(std::min<std::size_t>(count, UINT32_MAX));
}

// A list of `count` elements, of which at(i) makes one.
template <class T, class Count, class At>
std::vector<T> list_of(Count count, At at) {
  std::vector<T> made;
  made.reserve(count);
  for (Count i = 0; i < count; ++i) {
    made.push_back(at(i));
  }
  return made;
}

inline std::uint64_t to_cpp(std::uint64_t number) noexcept { return number; }

inline report_window to_cpp(const interop_sessions_report_window& window) noexcept {
  return {window.start_pid, window.report_size};
}

inline interop_sessions_report_window to_c(const report_window& window) noexcept {
  return {sizeof(interop_sessions_report_window), window.report_size, window.start_pid};
}

template <class = void>
session to_cpp(const interop_sessions_session_info& info) noexcept {
  return {.state = info.state,
          .session_id = info.session_id,
          .epoch = info.epoch,
          .master_epoch = info.master_epoch,
          .capabilities = info.capabilities,
          .report_window = {info.report_start_pid, info.report_size},
          .term_ms = info.term_ms,
          .end_reason = info.end_reason,
          .deadline_ns = info.deadline_ns,
          .secret = info.secret,
          .end_text = {}};
}

// A description as the C header takes it. Its texts are views.
template <class Endpoint = interop_sessions_endpoint>
class described {
 public:
  explicit described(const server_description& description)
      : endpoints_(list_of<Endpoint>(
            description.endpoints.size(),
            [&](std::size_t i) {
              const endpoint& each = description.endpoints[i];
              return Endpoint{sizeof(Endpoint), each.kind, to_c(std::string_view(each.address))};
            })),
        items_(list_of<interop_sessions_item>(description.items.size(), [&](std::size_t i) {
          const item& each = description.items[i];
          return interop_sessions_item{sizeof(interop_sessions_item), 0,
                                       to_c(std::string_view(each.key)), whole_to_c(each.value),
                                       each.revision};
        })) {
    value_.struct_size = sizeof(value_);
    value_.term_ms = description.term_ms;
    value_.capabilities = description.capabilities;
    value_.endpoint_count = to_c_count(endpoints_.size());
    value_.item_count = to_c_count(items_.size());
  }

  // The struct points into this object, which may have been moved or copied since it was made.
  [[nodiscard]] const interop_sessions_server_description* get() const noexcept {
    value_.endpoints = endpoints_.data();
    value_.items = items_.data();
    return &value_;
  }

 private:
  std::vector<Endpoint> endpoints_;
  std::vector<interop_sessions_item> items_;
  mutable interop_sessions_server_description value_{};
};

// Changes as the C header takes them. Keys and values are views.
template <class Change = interop_sessions_item_change>
class changing {
 public:
  explicit changing(const std::vector<item_change>& changes)
      : changes_(list_of<Change>(changes.size(), [&](std::size_t i) {
          const item_change& each = changes[i];
          return Change{sizeof(Change), each.kind, to_c(std::string_view(each.key)),
                        whole_to_c(each.value), each.compare_revision};
        })) {}

  [[nodiscard]] const Change* get() const noexcept { return changes_.data(); }

 private:
  std::vector<Change> changes_;
};

template <class = void>
item to_cpp(const interop_sessions_item& from) {
  const auto* const value = reinterpret_cast<const std::byte*>(from.value.data);
  return {.key = std::string(view(from.key)),
          .value = {value, value + from.value.size},
          .revision = from.revision};
}

template <class = void>
session_request to_cpp(const interop_sessions_session_request& request) {
  return {.term_ms = request.term_ms,
          .session_id = request.session_id,
          .epoch = request.epoch,
          .capabilities = request.capabilities,
          .master_epoch = request.master_epoch,
          .process_id = request.process_id,
          .flags = request.flags,
          .item_count = request.item_count,
          .created_ns = request.created_ns,
          .renewed_ns = request.renewed_ns,
          .identity = std::string(view(request.identity)),
          .host_name = std::string(view(request.host_name)),
          .endpoints = list_of<endpoint>(
              request.endpoint_count,
              [&](std::uint32_t i) -> endpoint {
                const auto& each = *interop_sessions_session_request_endpoint(&request, i);
                return {each.kind, std::string(view(each.address))};
              }),
          .end_text = {},
          .items = list_of<item>(request.brought_count, [&](std::uint32_t i) {
            return to_cpp(*interop_sessions_session_request_item(&request, i));
          })};
}

template <class = void>
access_point to_cpp(const interop_sessions_access_point& from) {
  return {.session_id = from.session_id,
          .epoch = from.epoch,
          .endpoint = from.endpoint,
          .identity = from.identity,
          .revision = from.revision};
}

template <class = void>
session_row to_cpp(const interop_sessions_session_row& row) {
  return {to_cpp(*row.info), to_cpp(*row.request)};
}

template <class = void>
session_page to_cpp(const interop_sessions_session_page& page) {
  return {list_of<session_row>(page.row_count,
                               [&](std::uint32_t i) {
                                 return to_cpp(*interop_sessions_session_page_row(&page, i));
                               }),
          page.next_session_id};
}

template <class = void>
std::vector<item> to_cpp(const interop_sessions_item_page& page) {
  return list_of<item>(page.item_count, [&](std::uint32_t i) {
    return to_cpp(*interop_sessions_item_page_item(&page, i));
  });
}

}  // namespace detail
INTEROP_SESSIONS_END
