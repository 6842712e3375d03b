// Structs that the library fills: never beyond the caller's struct_size, which stays as it is.

#include <cstddef>
#include <cstring>
#include <string>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

constexpr unsigned char kUntouched = 0xa5;

/// Memory with a struct of any size in front, all of it marked as untouched.
class Output {
 public:
  explicit Output(uint32_t struct_size) {
    std::memset(words_, kUntouched, sizeof(words_));
    std::memcpy(words_, &struct_size, sizeof(struct_size));
  }

  template <typename Struct>
  Struct* As() {
    static_assert(sizeof(Struct) <= sizeof(words_));
    return reinterpret_cast<Struct*>(words_);
  }

  bool IsUntouchedFrom(size_t at) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(words_);
    for (size_t i = at; i < sizeof(words_); i++) {
      if (bytes[i] != kUntouched) {
        return false;
      }
    }
    return true;
  }

 private:
  uint64_t words_[1024];
};

class OutputStructTest : public WithLiveObjects {
 protected:
  interop_sessions_status ReadSession(Output& output) {
    return interop_sessions_follower_session(objects().follower,
                                             output.As<interop_sessions_session_info>(), &error_);
  }

  interop_sessions_status FindAccessPoint(Output& output) {
    return interop_sessions_follower_find_access_point(
        objects().follower, objects().session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS,
        Text("volume-1"), nullptr, output.As<interop_sessions_access_point>(), &error_);
  }

  Error error_;
};

TEST_F(OutputStructTest,
       A_session_info_smaller_than_that_of_the_first_release_is_refused_and_left_alone) {
  constexpr uint32_t kTooSmall = sizeof(interop_sessions_session_info) - 1;
  Output output(kTooSmall);
  EXPECT_EQ(ReadSession(output), INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_TRUE(error_.Mentions("session->struct_size")) << error_.message;
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t)));
}

TEST_F(OutputStructTest, A_session_info_is_filled_up_to_its_end) {
  Output output(sizeof(interop_sessions_session_info));
  ASSERT_EQ(ReadSession(output), INTEROP_SESSIONS_OK) << error_.message;
  const auto* session = output.As<interop_sessions_session_info>();
  EXPECT_EQ(session->state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_EQ(session->session_id, objects().session.session_id);
  EXPECT_EQ(session->epoch, objects().session.epoch);
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(interop_sessions_session_info)));
}

TEST_F(OutputStructTest, A_session_info_of_a_newer_caller_keeps_its_size) {
  constexpr uint32_t kNewer = sizeof(interop_sessions_session_info) + 32;
  Output output(kNewer);
  ASSERT_EQ(ReadSession(output), INTEROP_SESSIONS_OK) << error_.message;
  EXPECT_EQ(output.As<interop_sessions_session_info>()->struct_size, kNewer);
  EXPECT_EQ(output.As<interop_sessions_session_info>()->term_ms, objects().session.term_ms);
  EXPECT_TRUE(output.IsUntouchedFrom(kNewer));
}

/// How much longer the struct of a later release may be.
constexpr uint32_t kMostLaterBytes = 4096;

TEST_F(OutputStructTest,
       A_session_info_longer_than_any_later_release_may_have_is_refused_and_left_alone) {
  Output longest(sizeof(interop_sessions_session_info) + kMostLaterBytes);
  ASSERT_EQ(ReadSession(longest), INTEROP_SESSIONS_OK) << error_.message;
  EXPECT_TRUE(longest.IsUntouchedFrom(sizeof(interop_sessions_session_info)));

  for (const uint32_t size :
       {static_cast<uint32_t>(sizeof(interop_sessions_session_info)) + kMostLaterBytes + 1,
        0xa5a5a5a5U, 0xffffffffU}) {
    Output output(size);
    EXPECT_EQ(ReadSession(output), INTEROP_SESSIONS_INVALID_STRUCT_SIZE) << size;
    EXPECT_TRUE(error_.Mentions("session->struct_size is " + std::to_string(size)))
        << error_.message;
    EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t))) << size;
  }
}

TEST_F(OutputStructTest, A_session_info_without_a_size_is_refused_and_left_alone) {
  Output output(0);
  EXPECT_EQ(ReadSession(output), INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_TRUE(error_.Mentions("session")) << error_.message;
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t)));
}

TEST_F(OutputStructTest, A_create_with_an_unusable_session_info_creates_nothing) {
  const interop_sessions_follower follower = objects().FreshFollower();
  const auto description = Sized<interop_sessions_server_description>();
  Output output(0);
  EXPECT_EQ(
      interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                               output.As<interop_sessions_session_info>(), &error_),
      INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(follower, &session, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(session.state, INTEROP_SESSIONS_STATE_NONE);
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
}

TEST_F(OutputStructTest, An_access_point_is_filled_up_to_its_end) {
  Output output(sizeof(interop_sessions_access_point));
  ASSERT_EQ(FindAccessPoint(output), INTEROP_SESSIONS_OK) << error_.message;
  EXPECT_EQ(output.As<interop_sessions_access_point>()->session_id, objects().session.session_id);
  EXPECT_NE(output.As<interop_sessions_access_point>()->revision, 0U);
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(interop_sessions_access_point)));
}

TEST_F(OutputStructTest, Statistics_are_filled_up_to_their_end_and_refused_without_a_size) {
  const auto fills = [this](auto read, uint32_t size) {
    Output output(size);
    ASSERT_EQ(read(output), INTEROP_SESSIONS_OK) << error_.message;
    EXPECT_TRUE(output.IsUntouchedFrom(size));
    Output sizeless(0);
    EXPECT_EQ(read(sizeless), INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_TRUE(error_.Mentions("statistics->struct_size")) << error_.message;
    EXPECT_TRUE(sizeless.IsUntouchedFrom(sizeof(uint32_t)));
  };
  fills(
      [this](Output& output) {
        return interop_sessions_follower_manager_get_statistics(
            objects().manager, output.As<interop_sessions_follower_manager_statistics>(), &error_);
      },
      sizeof(interop_sessions_follower_manager_statistics));
  fills(
      [this](Output& output) {
        return interop_sessions_master_get_statistics(
            objects().master, output.As<interop_sessions_master_statistics>(), &error_);
      },
      sizeof(interop_sessions_master_statistics));
  fills(
      [this](Output& output) {
        return interop_sessions_library_get_statistics(
            TestLibrary(), output.As<interop_sessions_library_statistics>(), &error_);
      },
      sizeof(interop_sessions_library_statistics));
}

TEST_F(OutputStructTest, An_access_point_without_a_size_is_refused) {
  Output output(0);
  EXPECT_EQ(FindAccessPoint(output), INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_TRUE(error_.Mentions("access_point")) << error_.message;
}

TEST_F(OutputStructTest,
       An_error_smaller_than_that_of_the_first_release_is_refused_and_left_alone) {
  constexpr uint32_t kTooSmall = sizeof(interop_sessions_error) - 1;
  Output output(kTooSmall);
  EXPECT_EQ(interop_sessions_follower_session(objects().follower, nullptr,
                                              output.As<interop_sessions_error>()),
            INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t)));
}

TEST_F(OutputStructTest,
       An_error_longer_than_any_later_release_may_have_is_refused_and_left_alone) {
  Output longest(sizeof(interop_sessions_error) + kMostLaterBytes);
  EXPECT_EQ(interop_sessions_follower_session(objects().follower, nullptr,
                                              longest.As<interop_sessions_error>()),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(longest.As<interop_sessions_error>()->status, INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(longest.IsUntouchedFrom(sizeof(interop_sessions_error)));

  Output output(sizeof(interop_sessions_error) + kMostLaterBytes + 1);
  const auto options = DefaultOptions();
  interop_sessions_library library = {};
  EXPECT_EQ(interop_sessions_follower_session(objects().follower, nullptr,
                                              output.As<interop_sessions_error>()),
            INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  // What is answered in C, before anything of the runtime is asked.
  EXPECT_EQ(interop_sessions_initialize(&options, &library, output.As<interop_sessions_error>()),
            INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t)));
}

TEST_F(OutputStructTest, An_error_says_what_to_do_and_is_cleared_by_success) {
  error_.flags = 0xffffffffU;
  error_.retry_after_ms = 1;
  error_.leader_hint[0] = 'x';
  interop_sessions_item* item = nullptr;
  EXPECT_EQ(interop_sessions_follower_get_item(objects().follower, objects().session.epoch,
                                               Text("none"), nullptr, &item, &error_),
            INTEROP_SESSIONS_ITEM_NOT_FOUND);
  EXPECT_EQ(error_.flags, 0U);
  EXPECT_EQ(error_.retry_after_ms, 0U);
  EXPECT_STREQ(error_.leader_hint, "");

  const interop_sessions_follower_manager manager = ManagerOf(TestLibrary(), "127.0.0.1:9");
  const interop_sessions_follower follower = FollowerOf(manager, "lonely");
  const auto wished = Sized<interop_sessions_server_description>();
  EXPECT_EQ(
      interop_sessions_follower_create_session(follower, &wished, Within(50), nullptr, &error_),
      INTEROP_SESSIONS_NO_MASTER);
  EXPECT_NE(error_.flags & INTEROP_SESSIONS_ERROR_PASSING, 0U) << error_.message;
  Require(interop_sessions_follower_manager_close(manager, 0, &error_), error_);
  EXPECT_EQ(error_.flags, 0U);
}

TEST_F(OutputStructTest, An_error_without_a_size_is_refused_and_left_alone) {
  Output output(0);
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(objects().follower, &session,
                                              output.As<interop_sessions_error>()),
            INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_EQ(session.state, INTEROP_SESSIONS_STATE_NONE);
  EXPECT_TRUE(output.IsUntouchedFrom(sizeof(uint32_t)));
}

TEST_F(OutputStructTest, An_error_is_cleared_by_success) {
  EXPECT_NE(interop_sessions_follower_session(objects().follower, nullptr, &error_),
            INTEROP_SESSIONS_OK);
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(objects().follower, &session, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(error_.status, INTEROP_SESSIONS_OK);
  EXPECT_STREQ(error_.message, "");
}

TEST_F(OutputStructTest, Outputs_are_written_only_by_success) {
  interop_sessions_session_page* page = nullptr;
  auto session = Sized<interop_sessions_session_info>();
  uint16_t port = 7;
  EXPECT_NE(interop_sessions_master_list_sessions({0}, 0, 0, &page, &error_), INTEROP_SESSIONS_OK);
  EXPECT_NE(interop_sessions_master_port({0}, &port, &error_), INTEROP_SESSIONS_OK);
  EXPECT_NE(interop_sessions_follower_session({0}, &session, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(page, nullptr);
  EXPECT_EQ(port, 7);
  EXPECT_EQ(session.session_id, 0U);
}

TEST_F(OutputStructTest, Rows_and_items_say_their_own_size) {
  interop_sessions_session_page* page = nullptr;
  ASSERT_EQ(interop_sessions_master_list_sessions(objects().master, 0, 0, &page, &error_),
            INTEROP_SESSIONS_OK);
  ASSERT_EQ(page->row_count, 1U);
  EXPECT_EQ(page->struct_size, sizeof(interop_sessions_session_page));
  const interop_sessions_session_row* row = interop_sessions_session_page_row(page, 0);
  EXPECT_EQ(row->struct_size, sizeof(interop_sessions_session_row));
  EXPECT_EQ(row->info->struct_size, sizeof(interop_sessions_session_info));
  EXPECT_EQ(row->request->struct_size, sizeof(interop_sessions_session_request));
  ASSERT_EQ(row->request->endpoint_count, 1U);
  EXPECT_EQ(interop_sessions_session_request_endpoint(row->request, 0)->struct_size,
            sizeof(interop_sessions_endpoint));
  interop_sessions_free(page);

  ASSERT_EQ(interop_sessions_follower_set_item(
                objects().follower, objects().session.epoch, Text("size"), Bytes("value"),
                INTEROP_SESSIONS_ANY_REVISION, nullptr, nullptr, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  interop_sessions_item_page* items = nullptr;
  ASSERT_EQ(interop_sessions_follower_list_items(objects().follower, objects().session.epoch, {},
                                                 nullptr, &items, &error_),
            INTEROP_SESSIONS_OK);
  ASSERT_EQ(items->item_count, 1U);
  EXPECT_EQ(items->struct_size, sizeof(interop_sessions_item_page));
  EXPECT_EQ(interop_sessions_item_page_item(items, 0)->struct_size, sizeof(interop_sessions_item));
  interop_sessions_free(items);
}

}  // namespace
}  // namespace interop::sessions::tests
