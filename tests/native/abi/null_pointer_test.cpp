// Every pointer argument of every function, given NULL: an answer that names the argument, and
// never a crash.

#include <array>
#include <functional>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// A string whose bytes are missing: only an empty one may have no data.
constexpr interop_sessions_string kNoData = {nullptr, 4};

void IgnoreCompletion(void*, interop_sessions_status, const interop_sessions_error*,
                      const interop_sessions_session_info*) {}

struct NullPointer {
  const char* name;
  const char* mentioned;
  std::function<interop_sessions_status(LiveObjects&, Error*)> call;
};

void PrintTo(const NullPointer& null_pointer, std::ostream* out) { *out << null_pointer.name; }

const NullPointer kMasterCalls[] = {
    {"master_start_options", "options",
     [](LiveObjects&, Error* error) {
       interop_sessions_master made = {};
       return interop_sessions_master_start(TestLibrary(), nullptr, &made, error);
     }},
    {"master_start_master", "master",
     [](LiveObjects& objects, Error* error) {
       const auto options = objects.MasterOptions();
       return interop_sessions_master_start(TestLibrary(), &options, nullptr, error);
     }},
    {"master_start_listen_address_data", "listen_address",
     [](LiveObjects& objects, Error* error) {
       auto options = objects.MasterOptions();
       options.listen_address = kNoData;
       interop_sessions_master made = {};
       return interop_sessions_master_start(TestLibrary(), &options, &made, error);
     }},
    {"master_start_listen_address", "listen_address",
     [](LiveObjects& objects, Error* error) {
       auto options = objects.MasterOptions();
       options.listen_address = {};
       interop_sessions_master made = {};
       return interop_sessions_master_start(TestLibrary(), &options, &made, error);
     }},
    {"master_start_store_path_data", "store_path",
     [](LiveObjects& objects, Error* error) {
       auto options = objects.MasterOptions();
       options.store_path = kNoData;
       interop_sessions_master made = {};
       return interop_sessions_master_start(TestLibrary(), &options, &made, error);
     }},
    {"master_start_store_path", "store_path",
     [](LiveObjects& objects, Error* error) {
       auto options = objects.MasterOptions();
       options.store_path = {};
       interop_sessions_master made = {};
       return interop_sessions_master_start(TestLibrary(), &options, &made, error);
     }},
    {"master_port_port", "port",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_master_port(objects.master, nullptr, error);
     }},
    {"master_list_sessions_page", "page",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_master_list_sessions(objects.master, 0, 0, nullptr, error);
     }},
    {"master_revoke_session_reason_data", "reason",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_master_revoke_session(objects.master, objects.session.session_id,
                                                     objects.session.epoch, kNoData, nullptr,
                                                     error);
     }},
    {"master_list_items_page", "page",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_master_list_items(objects.master, objects.session.session_id, {},
                                                 nullptr, error);
     }},
    {"master_list_items_prefix_data", "prefix",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item_page* page = nullptr;
       return interop_sessions_master_list_items(objects.master, objects.session.session_id,
                                                 kNoData, &page, error);
     }},
};

const NullPointer kManagerCalls[] = {
    {"follower_manager_create_options", "options",
     [](LiveObjects&, Error* error) {
       interop_sessions_follower_manager made = {};
       return interop_sessions_follower_manager_create(TestLibrary(), nullptr, &made, error);
     }},
    {"follower_manager_create_manager", "manager",
     [](LiveObjects& objects, Error* error) {
       const interop_sessions_string endpoint = Text(objects.endpoint);
       auto options = Sized<interop_sessions_follower_manager_options>();
       options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
       options.endpoint_count = 1;
       options.endpoints = &endpoint;
       return interop_sessions_follower_manager_create(TestLibrary(), &options, nullptr, error);
     }},
    {"follower_manager_create_endpoints", "endpoints",
     [](LiveObjects&, Error* error) {
       auto options = Sized<interop_sessions_follower_manager_options>();
       options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
       options.endpoint_count = 1;
       interop_sessions_follower_manager made = {};
       return interop_sessions_follower_manager_create(TestLibrary(), &options, &made, error);
     }},
    {"follower_manager_create_endpoint_data", "endpoints",
     [](LiveObjects&, Error* error) {
       auto options = Sized<interop_sessions_follower_manager_options>();
       options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
       options.endpoint_count = 1;
       options.endpoints = &kNoData;
       interop_sessions_follower_manager made = {};
       return interop_sessions_follower_manager_create(TestLibrary(), &options, &made, error);
     }},
    {"master_get_statistics_statistics", "statistics",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_master_get_statistics(objects.master, nullptr, error);
     }},
    {"library_get_statistics_statistics", "statistics",
     [](LiveObjects&, Error* error) {
       return interop_sessions_library_get_statistics(TestLibrary(), nullptr, error);
     }},
    {"follower_manager_get_statistics_statistics", "statistics",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_manager_get_statistics(objects.manager, nullptr, error);
     }},
    {"follower_manager_set_endpoints_endpoints", "endpoints",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_manager_set_endpoints(objects.manager, nullptr, 1, error);
     }},
    {"follower_manager_set_endpoints_endpoint_data", "endpoints",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_manager_set_endpoints(objects.manager, &kNoData, 1, error);
     }},
    {"follower_create_options", "options",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_follower made = {};
       return interop_sessions_follower_create(objects.manager, nullptr, &made, error);
     }},
    {"follower_create_follower", "follower",
     [](LiveObjects& objects, Error* error) {
       auto options = Sized<interop_sessions_follower_options>();
       options.identity = Text("nobody");
       return interop_sessions_follower_create(objects.manager, &options, nullptr, error);
     }},
    {"follower_create_identity", "identity",
     [](LiveObjects& objects, Error* error) {
       const auto options = Sized<interop_sessions_follower_options>();
       interop_sessions_follower made = {};
       return interop_sessions_follower_create(objects.manager, &options, &made, error);
     }},
    {"follower_create_identity_data", "identity",
     [](LiveObjects& objects, Error* error) {
       auto options = Sized<interop_sessions_follower_options>();
       options.identity = kNoData;
       interop_sessions_follower made = {};
       return interop_sessions_follower_create(objects.manager, &options, &made, error);
     }},
};

const NullPointer kSessionCalls[] = {
    {"register_session_create_cb_callback", "callback",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_registration made = {};
       return interop_sessions_follower_register_session_create_cb(objects.follower, nullptr,
                                                                   nullptr, nullptr, &made, error);
     }},
    {"register_session_create_cb_registration", "registration",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_register_session_create_cb(
           objects.follower, [](void*, const interop_sessions_session_info*) {}, nullptr, nullptr,
           nullptr, error);
     }},
    {"create_session_description", "description",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_create_session(objects.follower, nullptr, nullptr, nullptr,
                                                       error);
     }},
    {"create_session_endpoints", "endpoints",
     [](LiveObjects& objects, Error* error) {
       auto description = Sized<interop_sessions_server_description>();
       description.endpoint_count = 1;
       return interop_sessions_follower_create_session(objects.follower, &description, nullptr,
                                                       nullptr, error);
     }},
    {"create_session_endpoint_address_data", "endpoints[0].address",
     [](LiveObjects& objects, Error* error) {
       auto endpoint = Sized<interop_sessions_endpoint>();
       endpoint.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
       endpoint.address = kNoData;
       auto description = Sized<interop_sessions_server_description>();
       description.endpoints = &endpoint;
       description.endpoint_count = 1;
       return interop_sessions_follower_create_session(objects.follower, &description, nullptr,
                                                       nullptr, error);
     }},
    {"create_session_items", "items",
     [](LiveObjects& objects, Error* error) {
       auto description = Sized<interop_sessions_server_description>();
       description.item_count = 1;
       return interop_sessions_follower_create_session(objects.follower, &description, nullptr,
                                                       nullptr, error);
     }},
    {"create_session_item_key_data", "items[0].key",
     [](LiveObjects& objects, Error* error) {
       auto item = Sized<interop_sessions_item>();
       item.key = kNoData;
       auto description = Sized<interop_sessions_server_description>();
       description.items = &item;
       description.item_count = 1;
       return interop_sessions_follower_create_session(objects.follower, &description, nullptr,
                                                       nullptr, error);
     }},
    {"create_session_async_description", "description",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_create_session_async(
           objects.follower, nullptr, nullptr, IgnoreCompletion, nullptr, nullptr, nullptr, error);
     }},
    {"create_session_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       const auto description = Sized<interop_sessions_server_description>();
       return interop_sessions_follower_create_session_async(
           objects.follower, &description, nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"follower_session_session", "session",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_session(objects.follower, nullptr, error);
     }},
    {"follower_get_statistics_statistics", "statistics",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_get_statistics(objects.follower, nullptr, error);
     }},
    {"follower_lease_lease", "lease",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_lease(objects.follower, nullptr, error);
     }},
    {"close_async_closed", "closed",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_close_async(objects.follower, nullptr, nullptr, nullptr,
                                                    error);
     }},
};

const NullPointer kDataCalls[] = {
    {"set_item_key_data", "key",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_set_item(objects.follower, objects.session.epoch, kNoData,
                                                 Bytes("value"), INTEROP_SESSIONS_ANY_REVISION,
                                                 nullptr, nullptr, error);
     }},
    {"set_item_value_data", "value",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_set_item(
           objects.follower, objects.session.epoch, Text("key"), {nullptr, 4},
           INTEROP_SESSIONS_ANY_REVISION, nullptr, nullptr, error);
     }},
    {"remove_item_key_data", "key",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_remove_item(objects.follower, objects.session.epoch,
                                                    kNoData, INTEROP_SESSIONS_ANY_REVISION, nullptr,
                                                    error);
     }},
    {"apply_items_changes", "changes",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_apply_items(objects.follower, objects.session.epoch,
                                                    nullptr, 1, nullptr, nullptr, error);
     }},
    {"apply_items_key_data", "changes[1].key",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item_change changes[] = {Change("key"), Change("")};
       changes[1].key = kNoData;
       return interop_sessions_follower_apply_items(objects.follower, objects.session.epoch,
                                                    changes, 2, nullptr, nullptr, error);
     }},
    {"apply_items_value_data", "changes[0].value",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item_change change = Change("key");
       change.value = {nullptr, 4};
       return interop_sessions_follower_apply_items(objects.follower, objects.session.epoch,
                                                    &change, 1, nullptr, nullptr, error);
     }},
    {"get_item_key_data", "key",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item* item = nullptr;
       return interop_sessions_follower_get_item(objects.follower, objects.session.epoch, kNoData,
                                                 nullptr, &item, error);
     }},
    {"get_item_item", "item",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_get_item(objects.follower, objects.session.epoch,
                                                 Text("key"), nullptr, nullptr, error);
     }},
    {"list_items_prefix_data", "prefix",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item_page* page = nullptr;
       return interop_sessions_follower_list_items(objects.follower, objects.session.epoch, kNoData,
                                                   nullptr, &page, error);
     }},
    {"list_items_page", "page",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_items(objects.follower, objects.session.epoch, {},
                                                   nullptr, nullptr, error);
     }},
    {"list_sessions_prefix_data", "identity_prefix",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_session_page* page = nullptr;
       return interop_sessions_follower_list_sessions(objects.follower, objects.session.epoch,
                                                      kNoData, 0, 0, nullptr, &page, error);
     }},
    {"list_sessions_page", "page",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_sessions(objects.follower, objects.session.epoch, {},
                                                      0, 0, nullptr, nullptr, error);
     }},
    {"find_session_identity_data", "identity",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_session_row* row = nullptr;
       return interop_sessions_follower_find_session(objects.follower, objects.session.epoch,
                                                     kNoData, nullptr, &row, error);
     }},
    {"find_session_row", "row",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_find_session(objects.follower, objects.session.epoch,
                                                     Text("other"), nullptr, nullptr, error);
     }},
    {"list_session_items_prefix_data", "prefix",
     [](LiveObjects& objects, Error* error) {
       interop_sessions_item_page* page = nullptr;
       return interop_sessions_follower_list_session_items(objects.follower, objects.session.epoch,
                                                           objects.session.session_id, kNoData,
                                                           nullptr, &page, error);
     }},
    {"list_session_items_page", "page",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_session_items(objects.follower, objects.session.epoch,
                                                           objects.session.session_id, {}, nullptr,
                                                           nullptr, error);
     }},
    {"find_access_point_object_data", "object",
     [](LiveObjects& objects, Error* error) {
       auto access_point = Sized<interop_sessions_access_point>();
       return interop_sessions_follower_find_access_point(objects.follower, objects.session.epoch,
                                                          INTEROP_SESSIONS_ACCESS_POINT_NFS,
                                                          kNoData, nullptr, &access_point, error);
     }},
    {"find_access_point_access_point", "access_point",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_find_access_point(objects.follower, objects.session.epoch,
                                                          INTEROP_SESSIONS_ACCESS_POINT_NFS,
                                                          Text("volume"), nullptr, nullptr, error);
     }},
    {"release_access_point_object_data", "object",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_release_access_point(
           objects.follower, objects.session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, kNoData,
           nullptr, nullptr, error);
     }},
    {"report_data_pids", "pids",
     [](LiveObjects& objects, Error* error) {
       auto next = Sized<interop_sessions_report_window>();
       return interop_sessions_follower_report_data(objects.follower, objects.session.epoch,
                                                    Window(0, 10), nullptr, 1, nullptr, &next,
                                                    error);
     }},
    {"report_data_next", "next",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_report_data(objects.follower, objects.session.epoch,
                                                    Window(0, 10), nullptr, 0, nullptr, nullptr,
                                                    error);
     }},
};

/// A call without a completion, or with a text or pids without data.
const NullPointer kAsyncDataCalls[] = {
    {"set_item_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_set_item_async(
           objects.follower, objects.session.epoch, Text("key"), Bytes("value"),
           INTEROP_SESSIONS_ANY_REVISION, nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"set_item_async_value_data", "value",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_set_item_async(
           objects.follower, objects.session.epoch, Text("key"), {nullptr, 4},
           INTEROP_SESSIONS_ANY_REVISION, nullptr,
           [](void*, interop_sessions_status, const interop_sessions_error*, uint64_t) {}, nullptr,
           nullptr, nullptr, error);
     }},
    {"remove_item_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_remove_item_async(
           objects.follower, objects.session.epoch, Text("key"), INTEROP_SESSIONS_ANY_REVISION,
           nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"apply_items_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       const interop_sessions_item_change change = Change("key");
       return interop_sessions_follower_apply_items_async(objects.follower, objects.session.epoch,
                                                          &change, 1, nullptr, nullptr, nullptr,
                                                          nullptr, nullptr, error);
     }},
    {"get_item_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_get_item_async(objects.follower, objects.session.epoch,
                                                       Text("key"), nullptr, nullptr, nullptr,
                                                       nullptr, nullptr, error);
     }},
    {"list_items_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_items_async(objects.follower, objects.session.epoch,
                                                         {}, nullptr, nullptr, nullptr, nullptr,
                                                         nullptr, error);
     }},
    {"list_items_async_prefix_data", "prefix",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_items_async(
           objects.follower, objects.session.epoch, kNoData, nullptr,
           [](void*, interop_sessions_status, const interop_sessions_error*,
              const interop_sessions_item_page*) {},
           nullptr, nullptr, nullptr, error);
     }},
    {"list_sessions_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_sessions_async(objects.follower, objects.session.epoch,
                                                            {}, 0, 0, nullptr, nullptr, nullptr,
                                                            nullptr, nullptr, error);
     }},
    {"find_session_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_find_session_async(objects.follower, objects.session.epoch,
                                                           Text("other"), nullptr, nullptr, nullptr,
                                                           nullptr, nullptr, error);
     }},
    {"list_session_items_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_list_session_items_async(
           objects.follower, objects.session.epoch, objects.session.session_id, {}, nullptr,
           nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"find_access_point_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_find_access_point_async(
           objects.follower, objects.session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS,
           Text("volume"), nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"release_access_point_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_release_access_point_async(
           objects.follower, objects.session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS,
           Text("volume"), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"report_data_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_report_data_async(
           objects.follower, objects.session.epoch, Window(0, 10), nullptr, 0, nullptr, nullptr,
           nullptr, nullptr, nullptr, error);
     }},
    {"reattach_session_async_completion", "completion",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_reattach_session_async(
           objects.follower, 1, {1, 1}, nullptr, nullptr, nullptr, nullptr, nullptr, error);
     }},
    {"in_callback_in_callback", "in_callback",
     [](LiveObjects& objects, Error* error) {
       return interop_sessions_follower_in_callback(objects.follower, nullptr, error);
     }},
};

class NullPointerTest : public WithLiveObjects,
                        public ::testing::WithParamInterface<NullPointer> {};

TEST_P(NullPointerTest, Is_answered_with_the_name_of_the_argument) {
  Error error;
  EXPECT_EQ(GetParam().call(objects(), &error), INTEROP_SESSIONS_INVALID_ARGUMENT) << error.message;
  EXPECT_EQ(error.status, INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions(GetParam().mentioned)) << error.message;
}

TEST_P(NullPointerTest, May_be_the_error_too) {
  EXPECT_EQ(GetParam().call(objects(), nullptr), INTEROP_SESSIONS_INVALID_ARGUMENT);
}

std::string NameOf(const ::testing::TestParamInfo<NullPointer>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Master, NullPointerTest, ::testing::ValuesIn(kMasterCalls), NameOf);
INSTANTIATE_TEST_SUITE_P(Manager, NullPointerTest, ::testing::ValuesIn(kManagerCalls), NameOf);
INSTANTIATE_TEST_SUITE_P(Session, NullPointerTest, ::testing::ValuesIn(kSessionCalls), NameOf);
INSTANTIATE_TEST_SUITE_P(Data, NullPointerTest, ::testing::ValuesIn(kDataCalls), NameOf);
INSTANTIATE_TEST_SUITE_P(AsyncData, NullPointerTest, ::testing::ValuesIn(kAsyncDataCalls), NameOf);

using FreeTest = WithLiveObjects;

TEST_F(FreeTest, Of_nothing_does_nothing) { interop_sessions_free(nullptr); }

}  // namespace
}  // namespace interop::sessions::tests
