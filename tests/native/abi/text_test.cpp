// Every string that goes in: not UTF-8, too long, with a NUL inside, empty where it must not be.
// The message names the argument and, where there is one, the limit.

#include <functional>
#include <string>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// A call that takes one text, and what is known of that text.
struct TextArgument {
  const char* name;
  const char* mentioned;
  size_t limit_bytes;
  bool may_be_empty;
  std::function<interop_sessions_status(LiveObjects&, interop_sessions_string, Error*)> call;
};

void PrintTo(const TextArgument& argument, std::ostream* out) { *out << argument.name; }

constexpr size_t kNoStatedLimit = 0;

interop_sessions_status StartMaster(const interop_sessions_master_options& options, Error* error) {
  interop_sessions_master made = {};
  const interop_sessions_status status =
      interop_sessions_master_start(TestLibrary(), &options, &made, error);
  if (status == INTEROP_SESSIONS_OK) {
    interop_sessions_master_stop(made, 0, nullptr);
  }
  return status;
}

interop_sessions_status CreateSession(LiveObjects& objects,
                                      const interop_sessions_server_description& description,
                                      Error* error) {
  const interop_sessions_follower follower = objects.FreshFollower();
  const interop_sessions_status status = interop_sessions_follower_create_session(
      follower, &description, Within(PatienceMs()), nullptr, error);
  interop_sessions_follower_close(follower, 0, nullptr);
  return status;
}

const TextArgument kMasterTexts[] = {
    {"listen_address", "listen_address", kNoStatedLimit, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       auto options = objects.MasterOptions();
       options.listen_address = text;
       return StartMaster(options, error);
     }},
    {"store_path", "store_path", kNoStatedLimit, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       auto options = objects.MasterOptions();
       options.store_path = text;
       return StartMaster(options, error);
     }},
    {"revoke_reason", "reason", 255, true,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       const interop_sessions_follower follower = objects.FreshFollower();
       const auto description = Sized<interop_sessions_server_description>();
       auto session = Sized<interop_sessions_session_info>();
       Require(interop_sessions_follower_create_session(follower, &description,
                                                        Within(PatienceMs()), &session, error),
               *error);
       const interop_sessions_status status = interop_sessions_master_revoke_session(
           objects.master, session.session_id, session.epoch, text, nullptr, error);
       interop_sessions_follower_close(follower, 0, nullptr);
       return status;
     }},
    {"master_list_items_prefix", "prefix", 256, true,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_item_page* page = nullptr;
       const interop_sessions_status status = interop_sessions_master_list_items(
           objects.master, objects.session.session_id, text, &page, error);
       interop_sessions_free(page);
       return status;
     }},
};

const TextArgument kFollowerTexts[] = {
    {"endpoint", "endpoint", 256, false,
     [](LiveObjects&, interop_sessions_string text, Error* error) {
       auto options = Sized<interop_sessions_follower_manager_options>();
       options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
       options.endpoint_count = 1;
       options.endpoints = &text;
       interop_sessions_follower_manager made = {};
       const interop_sessions_status status =
           interop_sessions_follower_manager_create(TestLibrary(), &options, &made, error);
       if (status == INTEROP_SESSIONS_OK) {
         interop_sessions_follower_manager_close(made, 0, nullptr);
       }
       return status;
     }},
    {"identity", "identity", 128, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       auto options = Sized<interop_sessions_follower_options>();
       options.identity = text;
       interop_sessions_follower made = {};
       const interop_sessions_status status =
           interop_sessions_follower_create(objects.manager, &options, &made, error);
       if (status == INTEROP_SESSIONS_OK) {
         interop_sessions_follower_close(made, 0, nullptr);
       }
       return status;
     }},
    {"endpoint_address", "endpoints[1].address", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_endpoint endpoints[] = {Sized<interop_sessions_endpoint>(),
                                                Sized<interop_sessions_endpoint>()};
       endpoints[0].kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
       endpoints[0].address = Text("192.0.2.1:2049");
       endpoints[1].kind = INTEROP_SESSIONS_ACCESS_POINT_ISCSI;
       endpoints[1].address = text;
       auto description = Sized<interop_sessions_server_description>();
       description.endpoints = endpoints;
       description.endpoint_count = 2;
       return CreateSession(objects, description, error);
     }},
    {"endpoint_set", "endpoint", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       return interop_sessions_follower_manager_set_endpoints(objects.manager, &text, 1, error);
     }},
};

const TextArgument kDataTexts[] = {
    {"set_item_key", "key", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       return interop_sessions_follower_set_item(objects.follower, objects.session.epoch, text,
                                                 Bytes("value"), INTEROP_SESSIONS_ANY_REVISION,
                                                 nullptr, nullptr, error);
     }},
    {"get_item_key", "key", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_follower_set_item(objects.follower, objects.session.epoch, text,
                                          Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, nullptr,
                                          nullptr, nullptr);
       interop_sessions_item* item = nullptr;
       const interop_sessions_status status = interop_sessions_follower_get_item(
           objects.follower, objects.session.epoch, text, nullptr, &item, error);
       interop_sessions_free(item);
       return status;
     }},
    {"remove_item_key", "key", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_follower_set_item(objects.follower, objects.session.epoch, text,
                                          Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, nullptr,
                                          nullptr, nullptr);
       return interop_sessions_follower_remove_item(objects.follower, objects.session.epoch, text,
                                                    INTEROP_SESSIONS_ANY_REVISION, nullptr, error);
     }},
    {"list_items_prefix", "prefix", 256, true,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_item_page* page = nullptr;
       const interop_sessions_status status = interop_sessions_follower_list_items(
           objects.follower, objects.session.epoch, text, nullptr, &page, error);
       interop_sessions_free(page);
       return status;
     }},
    {"list_sessions_identity_prefix", "identity_prefix", 128, true,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_session_page* page = nullptr;
       const interop_sessions_status status = interop_sessions_follower_list_sessions(
           objects.follower, objects.session.epoch, text, 0, 0, nullptr, &page, error);
       interop_sessions_free(page);
       return status;
     }},
    {"list_session_items_prefix", "prefix", 256, true,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       interop_sessions_item_page* page = nullptr;
       const interop_sessions_status status = interop_sessions_follower_list_session_items(
           objects.follower, objects.session.epoch, objects.session.session_id, text, nullptr,
           &page, error);
       interop_sessions_free(page);
       return status;
     }},
    {"access_point_object", "object", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       auto access_point = Sized<interop_sessions_access_point>();
       return interop_sessions_follower_find_access_point(objects.follower, objects.session.epoch,
                                                          INTEROP_SESSIONS_ACCESS_POINT_NFS, text,
                                                          nullptr, &access_point, error);
     }},
    {"released_object", "object", 256, false,
     [](LiveObjects& objects, interop_sessions_string text, Error* error) {
       return interop_sessions_follower_release_access_point(
           objects.follower, objects.session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, text,
           nullptr, nullptr, error);
     }},
};

class TextTest : public WithLiveObjects, public ::testing::WithParamInterface<TextArgument> {
 protected:
  void Expect(interop_sessions_status expected, std::string_view text) {
    Error error;
    EXPECT_EQ(GetParam().call(objects(), Text(text), &error), expected) << error.message;
    EXPECT_TRUE(error.Mentions(GetParam().mentioned)) << error.message;
  }

  size_t LimitOrMuch() const {
    return GetParam().limit_bytes == kNoStatedLimit ? 1U << 20 : GetParam().limit_bytes;
  }
};

TEST_P(TextTest, That_is_not_UTF_8_is_refused) {
  Expect(INTEROP_SESSIONS_INVALID_UTF8, "a\xff");              // no lead byte
  Expect(INTEROP_SESSIONS_INVALID_UTF8, "a\xe2\x82");          // cut short
  Expect(INTEROP_SESSIONS_INVALID_UTF8, "a\xc0\x80");          // overlong NUL
  Expect(INTEROP_SESSIONS_INVALID_UTF8, "a\xed\xa0\x80");      // surrogate
  Expect(INTEROP_SESSIONS_INVALID_UTF8, "a\xf4\x90\x80\x80");  // above U+10FFFF
}

TEST_P(TextTest, With_a_NUL_inside_is_refused) {
  using namespace std::string_view_literals;
  Expect(INTEROP_SESSIONS_INVALID_ARGUMENT, "a\0b"sv);
  Expect(INTEROP_SESSIONS_INVALID_ARGUMENT, "a\0"sv);
}

TEST_P(TextTest, Over_its_limit_is_refused_and_the_limit_is_named) {
  const std::string text(LimitOrMuch() + 1, 'x');
  Error error;
  EXPECT_EQ(GetParam().call(objects(), Text(text), &error), INTEROP_SESSIONS_TOO_LONG)
      << error.message;
  EXPECT_TRUE(error.Mentions(GetParam().mentioned)) << error.message;
  if (GetParam().limit_bytes != kNoStatedLimit) {
    EXPECT_TRUE(error.Mentions(std::to_string(GetParam().limit_bytes))) << error.message;
  }
}

TEST_P(TextTest, Empty_is_refused_where_one_is_required) {
  if (GetParam().may_be_empty) {
    Error error;
    EXPECT_EQ(GetParam().call(objects(), {nullptr, 0}, &error), INTEROP_SESSIONS_OK)
        << error.message;
  } else {
    Expect(INTEROP_SESSIONS_INVALID_ARGUMENT, "");
  }
}

std::string NameOf(const ::testing::TestParamInfo<TextArgument>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Master, TextTest, ::testing::ValuesIn(kMasterTexts), NameOf);
INSTANTIATE_TEST_SUITE_P(Follower, TextTest, ::testing::ValuesIn(kFollowerTexts), NameOf);
INSTANTIATE_TEST_SUITE_P(Data, TextTest, ::testing::ValuesIn(kDataTexts), NameOf);

/// Those whose text is free: any UTF-8 goes, up to the last byte of the limit.
class FreeTextTest : public TextTest {};

TEST_P(FreeTextTest, At_its_limit_is_accepted) {
  std::string text;
  while (text.size() + 3 <= GetParam().limit_bytes) {
    text += "\xe2\x82\xac";
  }
  text.append(GetParam().limit_bytes - text.size(), 'x');
  Error error;
  EXPECT_EQ(GetParam().call(objects(), Text(text), &error), INTEROP_SESSIONS_OK) << error.message;
}

INSTANTIATE_TEST_SUITE_P(Of, FreeTextTest,
                         ::testing::Values(kMasterTexts[2], kMasterTexts[3], kFollowerTexts[1],
                                           kFollowerTexts[2], kDataTexts[0], kDataTexts[1],
                                           kDataTexts[2], kDataTexts[3], kDataTexts[4]),
                         NameOf);

}  // namespace
}  // namespace interop::sessions::tests
