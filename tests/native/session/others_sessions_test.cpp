// What a follower is told of the sessions of other servers, and what objects have counted.

#include <future>

#include <interop_sessions/futures.hpp>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class OthersSessions : public SessionTest {
 protected:
  void SetUp() override {
    StartMaster();
    asker_.emplace(manager(), "asker");
    epoch_ = asker_->Create().epoch;
    other_.emplace(manager(), "disk-1");
    held_ = other_->Create();
    Must((*other_)->set_item(held_.epoch, "rack", bytes_of("r1")));
  }

  void TearDown() override {
    other_.reset();
    asker_.reset();
  }

  follower& asker() { return **asker_; }

  std::optional<WatchedFollower> asker_;
  std::optional<WatchedFollower> other_;
  std::uint64_t epoch_ = 0;
  session held_;
};

TEST_F(OthersSessions, Are_listed_by_prefix_found_by_identity_and_read) {
  EXPECT_EQ(Must(asker().list_sessions(epoch_)).rows.size(), 2U);
  const session_page page = Must(asker().list_sessions(epoch_, "disk-", 0, 10));
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.next_session_id, 0U);
  const session_row found = Must(asker().find_session(epoch_, "disk-1"));
  for (const session_row& row : {page.rows[0], found}) {
    EXPECT_EQ(row.info.session_id, held_.session_id);
    EXPECT_EQ(row.info.epoch, held_.epoch);
    EXPECT_EQ(row.info.master_epoch, held_.master_epoch);
    EXPECT_EQ(row.info.secret.low, 0U);
    EXPECT_EQ(row.info.secret.high, 0U);
    EXPECT_EQ(row.request.identity, "disk-1");
  }
  const std::vector<item> items = Must(asker().list_session_items(epoch_, held_.session_id, "r"));
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(text_of(items[0].value), "r1");
}

TEST_F(OthersSessions, Are_told_in_every_form_of_a_call) {
  std::promise<std::size_t> listed;
  const auto call = Must(asker().list_sessions(
      epoch_, "disk-", 0, 0, PatienceMs(),
      [&](result<session_page> page) { listed.set_value(page ? page->rows.size() : 0); }));
  EXPECT_EQ(listed.get_future().get(), 1U);
  EXPECT_EQ(Must(asker().find_session(epoch_, "disk-1", PatienceMs(), as_future).get()).info.epoch,
            held_.epoch);
  EXPECT_EQ(
      Must(asker().list_session_items(epoch_, held_.session_id, "", PatienceMs(), as_future).get())
          .size(),
      1U);
}

TEST_F(OthersSessions, That_are_not_there_are_named_and_the_own_session_lives) {
  EXPECT_EQ(StatusOf(asker().find_session(epoch_, "disk")), INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_EQ(StatusOf(asker().list_session_items(epoch_, held_.session_id + 1)),
            INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_EQ(StatusOf(asker().list_sessions(epoch_ + 1)), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(asker().list_sessions(epoch_, "", 0, 10001)),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(Must(asker().current_session()).epoch, epoch_);
}

TEST_F(OthersSessions, Asked_for_by_more_than_a_page_has_are_refused_at_once) {
  EXPECT_EQ(StatusOf(asker().list_sessions(epoch_, "", 0, 10001, PatienceMs(),
                                           [](result<session_page>) { ADD_FAILURE() << "told"; })),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
}

TEST_F(OthersSessions, Are_counted_by_the_manager_the_master_and_the_library) {
  const follower_manager_statistics of_manager = Must(manager().statistics());
  EXPECT_EQ(of_manager.connection, INTEROP_SESSIONS_CONNECTION_CONNECTED);
  EXPECT_EQ(of_manager.followers, 2U);
  EXPECT_EQ(of_manager.sessions_granted, 2U);
  EXPECT_LE(of_manager.connection_since_ns, interop_sessions_now_ns());
  EXPECT_NE(std::string(of_manager.endpoint).find(':'), std::string::npos);
  const master_statistics of_master = Must(master_here().statistics());
  EXPECT_EQ(of_master.sessions, 2U);
  EXPECT_EQ(of_master.sessions_granted, 2U);
  EXPECT_EQ(of_master.master_epoch, held_.master_epoch);
  EXPECT_GE(of_master.commits, 3U);
  EXPECT_LE(of_master.last_commit_ns, of_master.longest_commit_ns);
  const library_statistics of_library = Must(library_here().statistics());
  EXPECT_EQ(of_library.follower_managers, 1U);
  EXPECT_EQ(of_library.masters, 1U);
  EXPECT_EQ(of_library.followers, 2U);
  EXPECT_GE(of_library.log_records_delivered, 1U);
  EXPECT_EQ(of_library.log_records_dropped, 0U);
}

}  // namespace
}  // namespace interop::sessions::tests
