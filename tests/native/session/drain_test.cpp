// A host in C++ hears that its identity is drained: the flag and the reason, as the C library tells them. (That the library tells
// them: tests/Interop.Tests/Abi/DrainTests.cs.)

#include <cstring>

#include "support/c_values.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Drain : public SessionTest {
 protected:
  using Functions = detail::callbacks_of<follower_callbacks>;

  /// Tells the callbacks of a follower what the library would.
  void Tell(const interop_sessions_session_info& info) {
    const interop_sessions_follower_callbacks table = Functions::table(
        library_here().shared_state(),
        {.session_created =
             [this](const session& told) {
               created_.push_back(told);
               return verdict::accept();
             },
         .session_lost = [this](const session& told) { lost_.push_back(told); },
         .state_changed = [this](const session& told) { changed_.push_back(told); }});
    auto verdict = Sized<interop_sessions_verdict>();
    auto end = Sized<interop_sessions_session_end>();
    end.text = Text("it was revoked");
    table.session_created(table.user_data, &info, &verdict);
    table.state_changed(table.user_data, &info);
    table.session_lost(table.user_data, &info, &end);
    table.release(table.user_data);
  }

  std::vector<session> created_;
  std::vector<session> lost_;
  std::vector<session> changed_;
};

TEST_F(Drain, Reaches_every_callback_with_its_reason) {
  auto info = Sized<interop_sessions_session_info>();
  info.state = INTEROP_SESSIONS_STATE_ALIVE;
  info.flags = INTEROP_SESSIONS_SESSION_DRAINING;
  std::strcpy(info.drain_reason, "rack 7 goes down");
  Tell(info);
  ASSERT_EQ(created_.size() + changed_.size() + lost_.size(), 3U);
  for (const session& told : {created_[0], changed_[0], lost_[0]}) {
    EXPECT_TRUE(told.is(INTEROP_SESSIONS_SESSION_DRAINING));
    EXPECT_FALSE(told.is(INTEROP_SESSIONS_SESSION_REVOKING));
    EXPECT_EQ(told.drain_reason, "rack 7 goes down");
  }
  EXPECT_EQ(lost_[0].end_text, "it was revoked");
}

TEST_F(Drain, Is_not_said_of_a_session_whose_identity_is_not_drained) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  EXPECT_FALSE(held.is(INTEROP_SESSIONS_SESSION_DRAINING));
  EXPECT_EQ(held.flags, 0U);
  EXPECT_EQ(held.drain_reason, "");
  EXPECT_FALSE(RowOf("server")->request.is(INTEROP_SESSIONS_SESSION_DRAINING));
}

}  // namespace
}  // namespace interop::sessions::tests
