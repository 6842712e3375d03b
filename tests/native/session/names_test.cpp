// to_string has the names that the library has. It is a switch, so compilers warn of one that it forgets:
// tests/consumer/compile.

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

TEST(Names, Of_states_and_reasons_and_kinds_are_those_of_the_library) {
  for (std::uint32_t value = 0; value < 32; value++) {
    EXPECT_EQ(to_string(static_cast<session_state>(value)),
              interop_sessions_session_state_name(static_cast<session_state>(value)));
    EXPECT_EQ(to_string(static_cast<end_reason>(value)),
              interop_sessions_end_reason_name(static_cast<end_reason>(value)));
    EXPECT_EQ(to_string(static_cast<connection_state>(value)),
              interop_sessions_connection_state_name(static_cast<connection_state>(value)));
    EXPECT_EQ(to_string(static_cast<access_point_kind>(value)),
              interop_sessions_access_point_kind_name(static_cast<access_point_kind>(value)));
  }
  constexpr auto kOfAHost = static_cast<access_point_kind>(INTEROP_SESSIONS_FIRST_HOST_KIND);
  EXPECT_EQ(to_string(kOfAHost), interop_sessions_access_point_kind_name(kOfAHost));
}

TEST(Names, Of_statuses_are_those_of_the_library) {
  for (std::uint32_t value = 0; value < 1000; value++) {
    EXPECT_EQ(to_string(static_cast<status>(value)),
              interop_sessions_status_name(static_cast<status>(value)));
  }
}

TEST(Names, Of_the_other_enumerations_are_their_constants_without_a_prefix) {
  EXPECT_EQ(to_string(INTEROP_SESSIONS_ITEM_CHECK), "CHECK");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_RECREATE_AFTER_LOSS), "AFTER_LOSS");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_LOG_INFORMATION), "INFORMATION");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_THREADS_ROUND_ROBIN), "ROUND_ROBIN");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_SESSION_REATTACHED), "REATTACHED");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_SESSION_DRAINING), "DRAINING");
  EXPECT_EQ(to_string(INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN), "OUTCOME_UNKNOWN");
  EXPECT_EQ(to_string(event_kind::state_changed), "STATE_CHANGED");
  EXPECT_EQ(to_string(insecure_peers::loopback), "LOOPBACK");
  EXPECT_EQ(to_string(right::administer), "ADMINISTER");
  EXPECT_EQ(to_string(leadership_source::host), "HOST");
}

TEST(Names, Of_an_error_are_its_status_and_what_happened) {
  const error failed{INTEROP_SESSIONS_TIMED_OUT, "TIMED_OUT", "no answer within 5 ms"};
  EXPECT_EQ(to_string(failed), "TIMED_OUT: no answer within 5 ms");
}

}  // namespace
}  // namespace interop::sessions::tests
