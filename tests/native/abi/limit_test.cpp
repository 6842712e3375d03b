// Numbers out of their range and too many of a thing: the message names the argument and the limit.

#include <atomic>
#include <cstring>
#include <functional>
#include <interop_sessions/thread_sanitizer.hpp>
#include <vector>

#include "abi/live_objects.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

/// Master options with one value out of its range.
struct BadMasterOption {
  const char* name;
  std::function<void(interop_sessions_master_options&)> spoil;
  const char* limit;
};

void PrintTo(const BadMasterOption& option, std::ostream* out) { *out << option.name; }

const BadMasterOption kBadMasterOptions[] = {
    {"term_ms", [](auto& options) { options.term_ms = 3600001; }, nullptr},
    {"min_term_ms", [](auto& options) { options.min_term_ms = 199; }, "200"},
    {"max_term_ms", [](auto& options) { options.max_term_ms = 3600001; }, "3600000"},
    {"max_sessions", [](auto& options) { options.max_sessions = 1000001; }, "1000000"},
    {"max_items_per_session", [](auto& options) { options.max_items_per_session = 65537; },
     "65536"},
    {"max_access_points_per_identity",
     [](auto& options) { options.max_access_points_per_identity = 1000001; }, "1000000"},
    {"max_item_bytes", [](auto& options) { options.max_item_bytes = 1048577; }, "1048576"},
    {"max_session_bytes", [](auto& options) { options.max_session_bytes = 67108865; }, "67108864"},
};

class MasterOptionLimit : public WithLiveObjects,
                          public ::testing::WithParamInterface<BadMasterOption> {};

TEST_P(MasterOptionLimit, Is_kept_and_named) {
  auto options = objects().MasterOptions();
  GetParam().spoil(options);
  interop_sessions_master made = {};
  Error error;
  EXPECT_EQ(interop_sessions_master_start(TestLibrary(), &options, &made, &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT)
      << error.message;
  EXPECT_TRUE(error.Mentions(GetParam().name)) << error.message;
  if (GetParam().limit != nullptr) {
    EXPECT_TRUE(error.Mentions(GetParam().limit)) << error.message;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, MasterOptionLimit, ::testing::ValuesIn(kBadMasterOptions),
                         [](const auto& tested) { return std::string(tested.param.name); });

class LimitTest : public WithLiveObjects {
 protected:
  void ExpectRefused(interop_sessions_status status, interop_sessions_status expected,
                     std::string_view argument, std::string_view limit) {
    EXPECT_EQ(status, expected) << error_.message;
    EXPECT_TRUE(error_.Mentions(argument)) << error_.message;
    EXPECT_TRUE(error_.Mentions(limit)) << error_.message;
  }

  interop_sessions_status CreateManager(uint32_t endpoint_count, uint32_t rate_bound_ppm) {
    const std::vector<interop_sessions_string> endpoints(17, Text(objects().endpoint));
    auto options = Sized<interop_sessions_follower_manager_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    options.endpoint_count = endpoint_count;
    options.endpoints = endpoints.data();
    options.clock_rate_bound_ppm = rate_bound_ppm;
    interop_sessions_follower_manager made = {};
    const interop_sessions_status status =
        interop_sessions_follower_manager_create(TestLibrary(), &options, &made, &error_);
    if (status == INTEROP_SESSIONS_OK) {
      EXPECT_EQ(interop_sessions_follower_manager_close(made, 0, nullptr), INTEROP_SESSIONS_OK);
    }
    return status;
  }

  Error error_;
};

TEST_F(LimitTest, A_shortest_term_above_the_longest_is_refused) {
  auto options = objects().MasterOptions();
  options.min_term_ms = 5000;
  options.max_term_ms = 4000;
  options.term_ms = 4500;
  interop_sessions_master made = {};
  ExpectRefused(interop_sessions_master_start(TestLibrary(), &options, &made, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "term_ms", "5000");
}

TEST_F(LimitTest, A_manager_has_one_to_sixteen_endpoints) {
  ExpectRefused(CreateManager(0, 0), INTEROP_SESSIONS_INVALID_ARGUMENT, "endpoint_count", "16");
  ExpectRefused(CreateManager(17, 0), INTEROP_SESSIONS_INVALID_ARGUMENT, "endpoint_count", "16");
  EXPECT_EQ(CreateManager(16, 0), INTEROP_SESSIONS_OK) << error_.message;
}

TEST_F(LimitTest, A_clock_rate_bound_above_one_half_is_refused) {
  ExpectRefused(CreateManager(1, 500001), INTEROP_SESSIONS_INVALID_ARGUMENT, "clock_rate_bound_ppm",
                "500000");
  EXPECT_EQ(CreateManager(1, 500000), INTEROP_SESSIONS_OK) << error_.message;
}

/// Calls of a master whose completions wait until the test lets them go.
struct HeldRevocations {
  Latch let_go;
  std::atomic<int> ended = 0;

  static void Complete(void* self, interop_sessions_status, const interop_sessions_error*) {
    const detail::callback_scope scope;
    auto& held = *static_cast<HeldRevocations*>(self);
    held.let_go.Wait();
    held.ended++;
  }
};

TEST_F(LimitTest, A_thousand_and_twenty_four_asynchronous_calls_of_a_master_are_in_progress) {
  constexpr int kMost = 1024;
  HeldRevocations held;
  const auto revoke_nothing = [&] {
    const detail::call_scope shared;
    return interop_sessions_master_revoke_session_async(objects().master, 12345, 1, Text("test"),
                                                        nullptr, HeldRevocations::Complete, &held,
                                                        nullptr, nullptr, &error_);
  };
  int begun = 0;
  while (begun < kMost && revoke_nothing() == INTEROP_SESSIONS_OK) {
    begun++;
  }
  EXPECT_EQ(begun, kMost) << error_.message;
  ExpectRefused(revoke_nothing(), INTEROP_SESSIONS_TOO_MANY_OBJECTS, "asynchronous", "1024");
  held.let_go.Open();
  EXPECT_TRUE(Eventually([&] { return held.ended == begun; }));
  // The place of the last one is given back a moment after its completion.
  EXPECT_TRUE(Eventually([&] { return revoke_nothing() == INTEROP_SESSIONS_OK; }));
  EXPECT_TRUE(Eventually([&] { return held.ended == begun + 1; }));
}

TEST_F(LimitTest, Sixty_four_callbacks_fit_on_a_follower) {
  const interop_sessions_follower follower = objects().FreshFollower();
  const auto ignore = [](void*, const interop_sessions_session_info*) {};
  interop_sessions_registration made = {};
  for (int i = 0; i < 64; i++) {
    ASSERT_EQ(interop_sessions_follower_register_session_create_cb(follower, ignore, nullptr,
                                                                   nullptr, &made, &error_),
              INTEROP_SESSIONS_OK)
        << i << error_.message;
  }
  interop_sessions_registration one_more = {};
  ExpectRefused(interop_sessions_follower_register_session_create_cb(follower, ignore, nullptr,
                                                                     nullptr, &one_more, &error_),
                INTEROP_SESSIONS_TOO_MANY_OBJECTS, "callback", "64");
  EXPECT_EQ(interop_sessions_unregister_session_create_cb(made, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_register_session_create_cb(follower, ignore, nullptr, nullptr,
                                                                 &one_more, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(LimitTest, A_callback_that_was_refused_never_runs_and_is_released_at_once) {
  struct Host {
    std::atomic<int> ran = 0;
    std::atomic<int> released = 0;
    static void Run(void* self, const interop_sessions_session_info*) {
      static_cast<Host*>(self)->ran++;
    }
    static void Release(void* self) { static_cast<Host*>(self)->released++; }
  };
  Host kept;
  Host refused;
  const interop_sessions_follower follower = objects().FreshFollower();
  interop_sessions_registration made = {};
  for (int i = 0; i < 64; i++) {
    ASSERT_EQ(interop_sessions_follower_register_session_create_cb(follower, Host::Run, &kept,
                                                                   Host::Release, &made, &error_),
              INTEROP_SESSIONS_OK)
        << i << error_.message;
  }
  EXPECT_EQ(interop_sessions_follower_register_session_create_cb(follower, Host::Run, &refused,
                                                                 Host::Release, &made, &error_),
            INTEROP_SESSIONS_TOO_MANY_OBJECTS);
  EXPECT_EQ(refused.released, 1);

  const auto description = Sized<interop_sessions_server_description>();
  ASSERT_EQ(interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                                     nullptr, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(kept.ran, 64);
  EXPECT_EQ(kept.released, 64);
  EXPECT_EQ(refused.ran, 0);
  EXPECT_EQ(refused.released, 1);
}

TEST_F(LimitTest, A_process_has_at_most_1024_followers_and_gets_room_again) {
  std::vector<interop_sessions_follower> followers;
  while (followers.size() < 1023) {  // one lives already
    followers.push_back(objects().FreshFollower());
  }
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("one-too-many");
  interop_sessions_follower made = {};
  ExpectRefused(interop_sessions_follower_create(objects().manager, &options, &made, &error_),
                INTEROP_SESSIONS_TOO_MANY_OBJECTS, "follower", "1024");
  // Nobody has the identity of the one that was refused: the next refusal is for the same reason.
  ExpectRefused(interop_sessions_follower_create(objects().manager, &options, &made, &error_),
                INTEROP_SESSIONS_TOO_MANY_OBJECTS, "follower", "1024");
  for (const interop_sessions_follower follower : followers) {
    EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
  }
  EXPECT_EQ(interop_sessions_follower_create(objects().manager, &options, &made, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  EXPECT_EQ(interop_sessions_follower_close(made, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(LimitTest, An_identity_has_one_follower_in_a_manager) {
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("twin");
  interop_sessions_follower first = {};
  interop_sessions_follower second = {};
  ASSERT_EQ(interop_sessions_follower_create(objects().manager, &options, &first, &error_),
            INTEROP_SESSIONS_OK);
  ExpectRefused(interop_sessions_follower_create(objects().manager, &options, &second, &error_),
                INTEROP_SESSIONS_IDENTITY_IN_USE, "identity", "twin");
  EXPECT_EQ(interop_sessions_follower_close(first, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(LimitTest, A_time_out_is_at_most_an_hour) {
  const interop_sessions_follower follower = objects().FreshFollower();
  const auto description = Sized<interop_sessions_server_description>();
  constexpr uint32_t kTooLongMs = 3600001;
  ExpectRefused(interop_sessions_follower_create_session(follower, &description, Within(kTooLongMs),
                                                         nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "timeout_ms", "3600000");
  ExpectRefused(interop_sessions_follower_reattach_session(follower, 1, {1, 1}, Within(kTooLongMs),
                                                           nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "timeout_ms", "3600000");
  ExpectRefused(interop_sessions_follower_set_item(
                    objects().follower, objects().session.epoch, Text("key"), Bytes("value"),
                    INTEROP_SESSIONS_ANY_REVISION, Within(kTooLongMs), nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "timeout_ms", "3600000");
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(LimitTest, So_many_items_change_together_or_come_with_a_create) {
  const std::vector<interop_sessions_item_change> changes(101, Change("key"));
  ExpectRefused(
      interop_sessions_follower_apply_items(objects().follower, objects().session.epoch,
                                            changes.data(), 101, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_TOO_LONG, "changes", "100");
  ExpectRefused(
      interop_sessions_follower_apply_items(objects().follower, objects().session.epoch,
                                            changes.data(), UINT32_MAX, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_TOO_LONG, "changes", "100");
  ExpectRefused(interop_sessions_follower_apply_items(objects().follower, objects().session.epoch,
                                                      nullptr, 0, nullptr, nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "changes", "0");
  ExpectRefused(interop_sessions_follower_apply_items(objects().follower, objects().session.epoch,
                                                      changes.data(), 2, nullptr, nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "changes[1]", "'key'");
  auto item = Sized<interop_sessions_item>();
  item.key = Text("rack");
  const std::vector<interop_sessions_item> items(101, item);
  auto description = Sized<interop_sessions_server_description>();
  description.items = items.data();
  description.item_count = 101;
  ExpectRefused(interop_sessions_follower_create_session(objects().follower, &description, nullptr,
                                                         nullptr, &error_),
                INTEROP_SESSIONS_TOO_LONG, "description->items", "100");
}

TEST_F(LimitTest, An_item_of_a_create_has_no_revision_and_nothing_that_is_reserved) {
  const interop_sessions_follower follower = objects().FreshFollower();
  auto item = Sized<interop_sessions_item>();
  item.key = Text("rack");
  item.revision = 7;
  auto description = Sized<interop_sessions_server_description>();
  description.items = &item;
  description.item_count = 1;
  ExpectRefused(
      interop_sessions_follower_create_session(follower, &description, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_INVALID_ARGUMENT, "items[0]", "revision is 7");
  item.revision = 0;
  item.reserved = 1;
  ExpectRefused(
      interop_sessions_follower_create_session(follower, &description, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_INVALID_ARGUMENT, "items[0].reserved", "must be 0");
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(LimitTest, A_follower_re_creates_never_or_after_a_loss) {
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("another");
  constexpr uint32_t kNoPolicy = 2;  // what a caller in C may pass
  std::memcpy(&options.recreate, &kNoPolicy, sizeof(kNoPolicy));
  interop_sessions_follower made = {};
  ExpectRefused(interop_sessions_follower_create(objects().manager, &options, &made, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "options->recreate", "0 or 1");
}

TEST_F(LimitTest, A_page_of_sessions_has_at_most_10000_rows) {
  interop_sessions_session_page* page = nullptr;
  ExpectRefused(interop_sessions_master_list_sessions(objects().master, 0, 10001, &page, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "limit", "10000");
}

TEST_F(LimitTest, An_access_point_is_of_a_known_kind) {
  auto access_point = Sized<interop_sessions_access_point>();
  for (const int kind : {0, 4, 65535}) {
    ExpectRefused(interop_sessions_follower_find_access_point(
                      objects().follower, objects().session.epoch,
                      static_cast<interop_sessions_access_point_kind>(kind), Text("volume"),
                      nullptr, &access_point, &error_),
                  INTEROP_SESSIONS_INVALID_ARGUMENT, "kind", std::to_string(kind));
    ExpectRefused(interop_sessions_follower_release_access_point(
                      objects().follower, objects().session.epoch,
                      static_cast<interop_sessions_access_point_kind>(kind), Text("volume"),
                      nullptr, nullptr, &error_),
                  INTEROP_SESSIONS_INVALID_ARGUMENT, "kind", std::to_string(kind));
  }
}

TEST_F(LimitTest, A_release_names_what_was_found_or_nothing) {
  const auto unfilled = Sized<interop_sessions_access_point>();
  ExpectRefused(interop_sessions_follower_release_access_point(
                    objects().follower, objects().session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS,
                    Text("volume"), &unfilled, nullptr, &error_),
                INTEROP_SESSIONS_INVALID_ARGUMENT, "found", "session_id");
  const interop_sessions_access_point without_size = {};
  ExpectRefused(interop_sessions_follower_release_access_point(
                    objects().follower, objects().session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS,
                    Text("volume"), &without_size, nullptr, &error_),
                INTEROP_SESSIONS_INVALID_STRUCT_SIZE, "found", "");
}

TEST_F(LimitTest, A_report_has_at_most_65536_pids_and_all_within_its_window) {
  const std::vector<uint64_t> pids(65537, 5);
  auto next = Sized<interop_sessions_report_window>();
  ExpectRefused(interop_sessions_follower_report_data(
                    objects().follower, objects().session.epoch, Window(0, 100000), pids.data(),
                    static_cast<uint32_t>(pids.size()), nullptr, &next, &error_),
                INTEROP_SESSIONS_TOO_LONG, "pid", "65536");
  const uint64_t outside = 20;
  ExpectRefused(
      interop_sessions_follower_report_data(objects().follower, objects().session.epoch,
                                            Window(10, 10), &outside, 1, nullptr, &next, &error_),
      INTEROP_SESSIONS_INVALID_ARGUMENT, "pid", "20");
}

}  // namespace
}  // namespace interop::sessions::tests
