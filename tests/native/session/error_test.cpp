// An error says all that the C header says of one, in every form of a call.

#include "support/cut_off_test.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

class ErrorOfACutOffCall : public CutOffTest {};

TEST_F(ErrorOfACutOffCall, Says_whether_it_may_have_been_carried_out) {
  const auto refused = server().set_item(epoch_ + 1, "key", {});
  ASSERT_EQ(StatusOf(refused), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_FALSE(refused.error().is_outcome_unknown() || refused.error().is_passing());

  CutOff();
  const auto blocked = server().set_item(epoch_, "key", {}, any_revision, ScaledMs(300));
  ASSERT_EQ(StatusOf(blocked), INTEROP_SESSIONS_TIMED_OUT) << MessageOf(blocked);
  EXPECT_TRUE(blocked.error().is_outcome_unknown() && blocked.error().is_passing());

  const auto later =
      server().set_item(epoch_, "key", {}, any_revision, ScaledMs(300), as_future).get();
  ASSERT_EQ(StatusOf(later), INTEROP_SESSIONS_TIMED_OUT) << MessageOf(later);
  EXPECT_TRUE(later.error().is_outcome_unknown() && later.error().is_passing());
}

class ErrorOfAMasterThatDoesNotLead : public SessionTest {};

TEST_F(ErrorOfAMasterThatDoesNotLead, Says_who_leads) {
  hooks().on_check_leader = [] { return leadership{.leads = false, .hint = "192.0.2.1:4000"}; };
  StartMaster();
  const auto refused = master_here().revoke_session(1, 1, "test");
  ASSERT_EQ(StatusOf(refused), INTEROP_SESSIONS_NOT_LEADER) << MessageOf(refused);
  EXPECT_EQ(refused.error().leader_hint, "192.0.2.1:4000");

  result<void> told;
  const operation revoking = Must(master_here().revoke_session(
      1, 1, "test", {}, [&](result<void> outcome) { told = std::move(outcome); }));
  Must(revoking.wait());
  EXPECT_TRUE(told == refused) << MessageOf(told);
}

/// Stands in front of the library's own function.
status Overloaded(interop_sessions_library, interop_sessions_string, interop_sessions_log_level,
                  interop_sessions_error* error) {
  error->flags = INTEROP_SESSIONS_ERROR_PASSING;
  error->retry_after_ms = 250;
  return INTEROP_SESSIONS_OVERLOADED;
}

TEST(Error, Says_when_it_makes_sense_to_ask_again_and_nothing_that_it_was_not_told) {
  api functions = api::linked();
  functions.set_log_level = &Overloaded;
  library library_here = Must(library::initialize({}, functions));
  const auto refused = library_here.set_log_level(INTEROP_SESSIONS_LOG_NONE);
  const error expected{INTEROP_SESSIONS_OVERLOADED,    "OVERLOADED", "",
                       INTEROP_SESSIONS_ERROR_PASSING, 250,          ""};
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error() == expected) << MessageOf(refused);
  EXPECT_EQ(refused.error().name, expected.name);
}

TEST(Error, Is_another_if_it_says_anything_else) {
  const error told{INTEROP_SESSIONS_NOT_LEADER,    "NOT_LEADER", "not here",
                   INTEROP_SESSIONS_ERROR_PASSING, 250,          "192.0.2.1:4000"};
  error other = told;
  EXPECT_TRUE(told == other);
  other.flags = 0;
  EXPECT_TRUE(told != other);
  other = told;
  other.retry_after_ms = 0;
  EXPECT_TRUE(told != other);
  other = told;
  other.leader_hint.clear();
  EXPECT_TRUE(told != other);
}

}  // namespace
}  // namespace interop::sessions::tests
