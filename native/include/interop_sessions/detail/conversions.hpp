// conversions: between the structs of the C header and the values of values.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../values.hpp"

INTEROP_SESSIONS_BEGIN
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

// Into a NUL-terminated array, cut at the end of a UTF-8 character.
inline void copy_text(std::string_view text, char* to, std::size_t capacity) noexcept {
  std::size_t size = std::min(text.size(), capacity - 1);
  while (size > 0 && size < text.size() && (text[size] & 0xc0) == 0x80) {
    --size;
  }
  std::copy_n(text.data(), size, to);
  to[size] = '\0';
}

inline void refuse(std::string_view reason, interop_sessions_verdict* to) noexcept {
  to->refuse = 1;
  copy_text(reason, to->reason, sizeof(to->reason));
}

// What a host decided; C has pre-filled "no refusal".
inline void tell(const verdict& said, interop_sessions_verdict* to) noexcept {
  if (said.refusal) {
    refuse(*said.refusal, to);
  }
}

inline std::uint64_t to_cpp(std::uint64_t number) noexcept { return number; }

inline report_window to_cpp(const interop_sessions_report_window& window) noexcept {
  return {window.start_pid, window.report_size};
}

inline interop_sessions_report_window to_c(const report_window& window) noexcept {
  return {sizeof(interop_sessions_report_window), window.report_size, window.start_pid};
}

template <class = void>
session to_cpp(const interop_sessions_session_info& info) {
  return {.state = info.state,
          .session_id = info.session_id,
          .epoch = info.epoch,
          .master_epoch = info.master_epoch,
          .capabilities = info.capabilities,
          .report_window = {info.report_start_pid, info.report_size},
          .term_ms = info.term_ms,
          .end_reason = info.end_reason,
          .flags = info.flags,
          .deadline_ns = info.deadline_ns,
          .secret = info.secret,
          .end_text = {},
          .drain_reason = info.drain_reason};
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
