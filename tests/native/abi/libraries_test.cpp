// Several users of the library in one process, as a host and its plug-ins are: none knows of the others.

#include <interop_sessions/thread_sanitizer.hpp>

#include <atomic>
#include <vector>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// A second user with a log of its own.
class OtherUser {
 public:
  explicit OtherUser(interop_sessions_log_level lowest = INTEROP_SESSIONS_LOG_INFORMATION) {
    auto options = DefaultOptions();
    options.log = [](void* self, const interop_sessions_log_record*) {
      const detail::callback_scope scope;
      static_cast<OtherUser*>(self)->records_++;
    };
    options.log_user_data = this;
    options.log_level = lowest;
    Error error;
    const detail::call_scope shared;
    Require(interop_sessions_initialize(&options, &library_, &error), error);
  }

  ~OtherUser() {
    if (library_.value != 0) {
      Shutdown();
    }
  }

  void Shutdown() {
    Error error;
    EXPECT_EQ(interop_sessions_shutdown(library_, 0, &error), INTEROP_SESSIONS_OK) << error.message;
    library_ = {};
  }

  interop_sessions_follower_manager Manager() const { return ManagerOf(library_, "127.0.0.1:1"); }

  interop_sessions_library handle() const { return library_; }
  int records() const { return records_; }

 private:
  std::atomic<int> records_ = 0;
  interop_sessions_library library_ = {};
};

TEST(Libraries, The_end_of_one_user_leaves_what_the_others_have) {
  const LiveObjects objects;
  OtherUser other;
  const interop_sessions_follower_manager theirs = other.Manager();
  other.Shutdown();
  Error error;
  EXPECT_EQ(interop_sessions_follower_manager_close(theirs, 0, &error),
            INTEROP_SESSIONS_INVALID_HANDLE);
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(objects.follower, &session, &error),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(session.state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST(Libraries, What_one_user_does_is_not_in_anothers_log) {
  OtherUser other;
  { const LiveObjects objects; }
  OtherUser its_own;
  auto options = Sized<interop_sessions_master_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  TemporaryDirectory directory;
  const std::string store = directory.File("store.db");
  options.listen_address = Text("127.0.0.1:0");
  options.store_path = Text(store);
  options.create_store = 1;
  interop_sessions_master master = {};
  Error error;
  ASSERT_EQ(interop_sessions_master_start(its_own.handle(), &options, &master, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
  its_own.Shutdown();
  other.Shutdown();
  EXPECT_GT(its_own.records(), 0);
  EXPECT_EQ(other.records(), 0);
}

TEST(Libraries, The_level_of_a_log_changes_while_it_runs_by_category) {
  TemporaryDirectory directory;
  const auto start_and_stop = [&](const OtherUser& user, const char* name) {
    auto options = Sized<interop_sessions_master_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    const std::string store = directory.File(name);
    options.listen_address = Text("127.0.0.1:0");
    options.store_path = Text(store);
    options.create_store = 1;
    interop_sessions_master master = {};
    Error error;
    Require(interop_sessions_master_start(user.handle(), &options, &master, &error), error);
    Require(interop_sessions_master_stop(master, 0, &error), error);
  };
  OtherUser user(INTEROP_SESSIONS_LOG_NONE);
  Error error;
  start_and_stop(user, "silent.db");
  ASSERT_EQ(interop_sessions_set_log_level(user.handle(), Text("Interop.Sessions.Follower"),
                                           INTEROP_SESSIONS_LOG_TRACE, &error),
            INTEROP_SESSIONS_OK);
  start_and_stop(user, "still-silent.db");
  EXPECT_EQ(user.records(), 0);
  ASSERT_EQ(interop_sessions_set_log_level(user.handle(), Text("Interop.Sessions.Master"),
                                           INTEROP_SESSIONS_LOG_INFORMATION, &error),
            INTEROP_SESSIONS_OK);
  start_and_stop(user, "told.db");
  user.Shutdown();
  EXPECT_GT(user.records(), 0);
}

TEST(Libraries, A_level_or_a_category_that_is_none_is_refused) {
  const OtherUser user;
  Error error;
  EXPECT_EQ(interop_sessions_set_log_level(user.handle(), Text(""),
                                           static_cast<interop_sessions_log_level>(7), &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions("level")) << error.message;
  EXPECT_EQ(interop_sessions_set_log_level(user.handle(), Text(std::string(129, 'x')),
                                           INTEROP_SESSIONS_LOG_NONE, &error),
            INTEROP_SESSIONS_TOO_LONG);
  for (int i = 0; i < 32; ++i) {
    ASSERT_EQ(interop_sessions_set_log_level(user.handle(), Text("Category" + std::to_string(i)),
                                             INTEROP_SESSIONS_LOG_NONE, &error),
              INTEROP_SESSIONS_OK);
  }
  EXPECT_EQ(interop_sessions_set_log_level(user.handle(), Text("One more"),
                                           INTEROP_SESSIONS_LOG_NONE, &error),
            INTEROP_SESSIONS_TOO_MANY_OBJECTS);
}

TEST(Libraries,
     Threads_are_as_the_first_user_has_chosen_and_a_later_one_that_wants_others_is_told) {
  auto options = DefaultOptions();
  options.thread_stack_bytes = 1 << 20;
  InitializeLibrary(options);
  Error error;
  interop_sessions_library other = {};
  EXPECT_EQ(interop_sessions_initialize(&options, &other, &error), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_shutdown(other, 0, &error), INTEROP_SESSIONS_OK);
  options.thread_stack_bytes = 0;
  EXPECT_EQ(interop_sessions_initialize(&options, &other, &error), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_shutdown(other, 0, &error), INTEROP_SESSIONS_OK);
  options.thread_stack_bytes = 2 << 20;
  EXPECT_EQ(interop_sessions_initialize(&options, &other, &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions("thread_stack_bytes")) << error.message;
  ASSERT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK);

  // With nobody left the next one is the first again.
  ASSERT_EQ(interop_sessions_initialize(&options, &other, &error), INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_EQ(interop_sessions_shutdown(other, 0, &error), INTEROP_SESSIONS_OK);
}

TEST(Libraries, Are_so_many_at_most) {
  std::vector<interop_sessions_library> all;
  Error error;
  const auto options = DefaultOptions();
  interop_sessions_library made = {};
  while (interop_sessions_initialize(&options, &made, &error) == INTEROP_SESSIONS_OK) {
    all.push_back(made);
    ASSERT_LE(all.size(), 64U);
  }
  EXPECT_EQ(error.status, INTEROP_SESSIONS_TOO_MANY_OBJECTS);
  EXPECT_EQ(all.size(), 64U);
  for (const interop_sessions_library library : all) {
    EXPECT_EQ(interop_sessions_shutdown(library, 0, &error), INTEROP_SESSIONS_OK);
  }
}

}  // namespace
}  // namespace interop::sessions::tests
