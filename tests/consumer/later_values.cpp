// A program that was compiled with this release meets a later library, which is later_library.c: values that the header does not name
// are numbers, also in the types of C++, flags beside them keep their meaning, and nothing is undefined to a sanitizer.
#include <cstdio>
#include <cstring>
#include <interop_sessions/detail/conversions.hpp>
#include <interop_sessions/names.hpp>

using namespace interop::sessions;

namespace {

constexpr unsigned later = 70;
constexpr unsigned later_flag = 0x80000000U;
int misunderstood = 0;

void expect(bool understood, const char* what) {
  if (!understood) {
    std::printf("a later value was taken for another: %s\n", what);
    misunderstood++;
  }
}

// Every enumeration that has names.
template <class Enum>
void expect_unnamed(const char* what) {
  const auto value = static_cast<Enum>(later);
  expect(to_string(value).rfind("UNKNOWN_", 0) == 0, what);
}

void ask_a_follower() {
  auto info = INTEROP_SESSIONS_INIT(interop_sessions_session_info);
  auto error = INTEROP_SESSIONS_INIT(interop_sessions_error);
  const status answered = interop_sessions_follower_session({1}, &info, &error);
  const session held = detail::to_cpp(info);
  expect(answered != INTEROP_SESSIONS_OK && answered == error.status, "status");
  expect(std::strcmp(interop_sessions_status_name(answered), "RATE_LIMITED") == 0, "status's name");
  expect(static_cast<unsigned>(held.state) == later, "state");
  expect(static_cast<unsigned>(held.end_reason) == later, "end_reason");
  expect(held.flags == (later_flag | INTEROP_SESSIONS_SESSION_DRAINING), "flags of a session");
  expect(held.is(INTEROP_SESSIONS_SESSION_DRAINING), "a flag beside a later one");
  expect(!held.is(INTEROP_SESSIONS_SESSION_REVOKING), "a flag that is not there");
  expect(error.flags == (later_flag | INTEROP_SESSIONS_ERROR_PASSING), "flags of an error");
}

void ask_a_manager() {
  auto statistics = INTEROP_SESSIONS_INIT(interop_sessions_follower_manager_statistics);
  static_cast<void>(interop_sessions_follower_manager_get_statistics({1}, &statistics, nullptr));
  expect(static_cast<unsigned>(statistics.connection) == later, "connection");
}

void ask_a_master() {
  interop_sessions_session_row* answered = nullptr;
  static_cast<void>(interop_sessions_master_get_session({1}, 1, &answered, nullptr));
  const session_row row = detail::to_cpp(*answered);
  expect(row.request.endpoints.size() == 1, "endpoints");
  expect(static_cast<unsigned>(row.request.endpoints.front().kind) == later, "kind");
  expect(row.request.is(INTEROP_SESSIONS_SESSION_SUSPECT), "a flag of a row");
}

}  // namespace

int main() {
  ask_a_follower();
  ask_a_manager();
  ask_a_master();
  expect_unnamed<status>("status");
  expect_unnamed<session_state>("session_state");
  expect_unnamed<end_reason>("end_reason");
  expect_unnamed<access_point_kind>("access_point_kind");
  expect_unnamed<connection_state>("connection_state");
  expect_unnamed<item_change_kind>("item_change_kind");
  expect_unnamed<recreate_policy>("recreate_policy");
  expect_unnamed<log_level>("log_level");
  expect_unnamed<interop_sessions_thread_class>("thread_class");
  expect_unnamed<interop_sessions_leadership>("leadership");
  expect_unnamed<interop_sessions_insecure>("insecure");
  expect_unnamed<interop_sessions_right>("right");
  expect_unnamed<session_flags>("session_flags");
  expect_unnamed<interop_sessions_error_flags>("error_flags");
  expect_unnamed<event_kind>("event_kind");
  expect_unnamed<insecure_peers>("insecure_peers");
  expect_unnamed<right>("right of C++");
  expect_unnamed<leadership_source>("leadership_source");
  if (misunderstood == 0) {
    std::puts("later values are numbers");
  }
  return misunderstood == 0 ? 0 : 1;
}
