// initialize() and shutdown(): what every call answers before and after them.

#include <cstring>

#include "abi/calls_with_handles.h"
#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kAbiVersion = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;

interop_sessions_options RightOptions() { return DefaultOptions(); }

void ExpectEverythingNotInitialized() {
  for (const CallWithHandle& call : CallsWithHandles()) {
    Error error;
    EXPECT_EQ(call.call(1, &error), INTEROP_SESSIONS_NOT_INITIALIZED) << call.function;
    EXPECT_STRNE(error.message, "") << call.function;
  }
  Error error;
  auto master_options = Sized<interop_sessions_master_options>();
  master_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  master_options.listen_address = Text("127.0.0.1:0");
  master_options.store_path = Text("/nonexistent/store.db");
  interop_sessions_master master = {};
  EXPECT_EQ(interop_sessions_master_start(TestLibrary(), &master_options, &master, &error),
            INTEROP_SESSIONS_NOT_INITIALIZED);
  const interop_sessions_string endpoint = Text("127.0.0.1:1");
  auto manager_options = Sized<interop_sessions_follower_manager_options>();
  manager_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  manager_options.endpoint_count = 1;
  manager_options.endpoints = &endpoint;
  interop_sessions_follower_manager manager = {};
  EXPECT_EQ(
      interop_sessions_follower_manager_create(TestLibrary(), &manager_options, &manager, &error),
      INTEROP_SESSIONS_NOT_INITIALIZED);
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_NOT_INITIALIZED);
}

TEST(Life, A_process_that_never_initialized_is_told_so_by_every_call) {
  // A death test runs in a process of its own, where nothing was initialized before.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ExpectEverythingNotInitialized();
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Life, After_shutdown_every_call_says_so) {
  InitializeLibrary();
  Error error;
  ASSERT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
  ExpectEverythingNotInitialized();
}

TEST(Life, After_shutdown_a_new_initialize_works_and_old_handles_stay_stale) {
  interop_sessions_follower old_follower = {};
  interop_sessions_master old_master = {};
  {
    const LiveObjects objects;
    old_follower = objects.follower;
    old_master = objects.master;
  }
  const LiveObjects objects;
  Error error;
  uint16_t port = 0;
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_master_port(old_master, &port, &error),
            INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(interop_sessions_follower_session(old_follower, &session, &error),
            INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(interop_sessions_follower_session(objects.follower, &session, &error),
            INTEROP_SESSIONS_OK);
}

TEST(Life, An_initialize_without_a_place_for_its_handle_is_refused_and_harms_nothing) {
  LiveObjects objects;
  Error error;
  const interop_sessions_options options = RightOptions();
  EXPECT_EQ(interop_sessions_initialize(&options, nullptr, &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_STRNE(error.message, "");
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(objects.follower, &session, &error),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(session.state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST(Life, The_abi_version_and_the_status_names_need_no_initialize) {
  EXPECT_EQ(interop_sessions_abi_version(), kAbiVersion);
  EXPECT_STREQ(interop_sessions_status_name(INTEROP_SESSIONS_OK), "OK");
  EXPECT_STREQ(interop_sessions_status_name(INTEROP_SESSIONS_ITEM_TOO_LARGE), "ITEM_TOO_LARGE");
  EXPECT_STREQ(interop_sessions_status_name(INTEROP_SESSIONS_INTERNAL), "INTERNAL");
  EXPECT_STREQ(interop_sessions_status_name(static_cast<interop_sessions_status>(49)),
               "UNKNOWN_STATUS");
}

TEST(Life, Memory_that_was_handed_out_may_be_freed_after_shutdown) {
  interop_sessions_session_page* page = nullptr;
  {
    const LiveObjects objects;
    Error error;
    ASSERT_EQ(interop_sessions_master_list_sessions(objects.master, 0, 0, &page, &error),
              INTEROP_SESSIONS_OK);
  }
  EXPECT_EQ(page->row_count, 1U);
  interop_sessions_free(page);
}

TEST(Life, The_error_may_be_null) {
  const interop_sessions_options options = RightOptions();
  EXPECT_EQ(interop_sessions_initialize(nullptr, &TestLibrary(), nullptr),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), nullptr), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, nullptr), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, nullptr), INTEROP_SESSIONS_NOT_INITIALIZED);
}

/// Options that must be refused, and leave the library as it was.
void ExpectRefused(const interop_sessions_options& options, interop_sessions_status expected,
                   std::string_view mentioned) {
  Error error;
  EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error), expected)
      << error.message;
  EXPECT_TRUE(error.Mentions(mentioned)) << error.message;
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_NOT_INITIALIZED);
}

TEST(InitializeOptions, Another_abi_is_refused) {
  interop_sessions_options options = RightOptions();
  options.abi_version = (INTEROP_SESSIONS_ABI_MAJOR + 1) << 16;
  ExpectRefused(options, INTEROP_SESSIONS_ABI_MISMATCH, "abi_version");
  options.abi_version = kAbiVersion + 1;
  ExpectRefused(options, INTEROP_SESSIONS_ABI_MISMATCH, "abi_version");
  options.abi_version = 0;
  ExpectRefused(options, INTEROP_SESSIONS_ABI_MISMATCH, "abi_version");
}

TEST(InitializeOptions, An_unknown_log_level_is_refused) {
  interop_sessions_options options = RightOptions();
  options.log_level = static_cast<interop_sessions_log_level>(7);
  ExpectRefused(options, INTEROP_SESSIONS_INVALID_ARGUMENT, "log_level");
}

TEST(InitializeOptions, An_unusable_struct_size_is_refused) {
  interop_sessions_options options = RightOptions();
  options.struct_size = 0;
  ExpectRefused(options, INTEROP_SESSIONS_INVALID_STRUCT_SIZE, "options");
  options.struct_size = 3;
  ExpectRefused(options, INTEROP_SESSIONS_INVALID_STRUCT_SIZE, "options");
}

TEST(InitializeOptions, Null_is_refused) {
  Error error;
  EXPECT_EQ(interop_sessions_initialize(nullptr, &TestLibrary(), &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions("options")) << error.message;
}

/// The options of a newer caller: eight bytes longer.
struct NewerOptions {
  interop_sessions_options known;
  uint64_t unknown;
};

TEST(InitializeOptions, A_larger_struct_is_accepted_while_what_is_unknown_is_zero) {
  NewerOptions options = {RightOptions(), 1};
  options.known.struct_size = sizeof(options);
  ExpectRefused(options.known, INTEROP_SESSIONS_INVALID_STRUCT_SIZE, "options");
  options.unknown = 0;
  Error error;
  EXPECT_EQ(interop_sessions_initialize(&options.known, &TestLibrary(), &error),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK);
}

TEST(InitializeOptions, A_struct_smaller_than_that_of_the_first_release_is_refused) {
  interop_sessions_options options = RightOptions();
  options.struct_size = sizeof(options) - 1;
  ExpectRefused(options, INTEROP_SESSIONS_INVALID_STRUCT_SIZE, "options->struct_size");
}

}  // namespace
}  // namespace interop::sessions::tests
