#include "abi/calls_with_handles.h"

namespace interop::sessions::tests {

namespace {

void IgnoreSession(void*, const interop_sessions_session_info*) {}

void IgnoreCompletion(void*, interop_sessions_status, const interop_sessions_error*,
                      const interop_sessions_session_info*) {}

void IgnoreClosed(void*) {}

void IgnoreRevision(void*, interop_sessions_status, const interop_sessions_error*, uint64_t) {}

void IgnoreRemoved(void*, interop_sessions_status, const interop_sessions_error*) {}

void IgnoreItem(void*, interop_sessions_status, const interop_sessions_error*,
                const interop_sessions_item*) {}

void IgnorePage(void*, interop_sessions_status, const interop_sessions_error*,
                const interop_sessions_item_page*) {}

void IgnoreAccessPoint(void*, interop_sessions_status, const interop_sessions_error*,
                       const interop_sessions_access_point*) {}

void IgnoreWindow(void*, interop_sessions_status, const interop_sessions_error*,
                  const interop_sessions_report_window*) {}

std::vector<CallWithHandle> MasterCalls() {
  constexpr auto kKind = HandleKind::kMaster;
  return {
      {"master_port", "master", kKind,
       [](uint64_t handle, Error* error) {
         uint16_t port = 0;
         return interop_sessions_master_port({handle}, &port, error);
       }},
      {"master_leads", "master", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_master_leads({handle}, nullptr, nullptr, error);
       }},
      {"master_resign", "master", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_master_resign({handle}, 0, error);
       }},
      {"master_list_sessions", "master", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_session_page* page = nullptr;
         return interop_sessions_master_list_sessions({handle}, 0, 0, &page, error);
       }},
      {"master_revoke_session", "master", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_master_revoke_session({handle}, 1, 1, Text("reason"), nullptr,
                                                       error);
       }},
      {"master_count_sessions", "master", kKind,
       [](uint64_t handle, Error* error) {
         uint64_t count = 0;
         return interop_sessions_master_count_sessions({handle}, &count, error);
       }},
      {"master_get_session", "master", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_session_row* row = nullptr;
         return interop_sessions_master_get_session({handle}, 1, &row, error);
       }},
      {"master_find_session", "master", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_session_row* row = nullptr;
         return interop_sessions_master_find_session({handle}, Text("server"), &row, error);
       }},
      {"master_get_item", "master", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_item* item = nullptr;
         return interop_sessions_master_get_item({handle}, 1, Text("key"), &item, error);
       }},
      {"master_revoke_session_async", "master", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_master_revoke_session_async({handle}, 1, 1, Text("reason"),
                                                             nullptr, IgnoreRemoved, nullptr,
                                                             nullptr, nullptr, error);
       }},
      {"master_get_statistics", "master", kKind,
       [](uint64_t handle, Error* error) {
         auto statistics = Sized<interop_sessions_master_statistics>();
         return interop_sessions_master_get_statistics({handle}, &statistics, error);
       }},
      {"master_list_items", "master", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_item_page* page = nullptr;
         return interop_sessions_master_list_items({handle}, 1, {}, &page, error);
       }},
      {"master_stop", "master", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_master_stop({handle}, 0, error);
       }},
  };
}

std::vector<CallWithHandle> ManagerCalls() {
  constexpr auto kKind = HandleKind::kManager;
  return {
      {"follower_manager_set_endpoints", "manager", kKind,
       [](uint64_t handle, Error* error) {
         const interop_sessions_string endpoint = Text("127.0.0.1:1");
         return interop_sessions_follower_manager_set_endpoints({handle}, &endpoint, 1, error);
       }},
      {"follower_manager_get_statistics", "manager", kKind,
       [](uint64_t handle, Error* error) {
         auto statistics = Sized<interop_sessions_follower_manager_statistics>();
         return interop_sessions_follower_manager_get_statistics({handle}, &statistics, error);
       }},
      {"follower_manager_close", "manager", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_manager_close({handle}, 0, error);
       }},
      {"follower_create", "manager", kKind,
       [](uint64_t handle, Error* error) {
         auto options = Sized<interop_sessions_follower_options>();
         options.identity = Text("nobody");
         interop_sessions_follower made = {};
         return interop_sessions_follower_create({handle}, &options, &made, error);
       }},
  };
}

std::vector<CallWithHandle> SessionCalls() {
  constexpr auto kKind = HandleKind::kFollower;
  return {
      {"follower_register_session_create_cb", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_registration made = {};
         return interop_sessions_follower_register_session_create_cb(
             {handle}, IgnoreSession, nullptr, nullptr, &made, error);
       }},
      {"unregister_session_create_cb", "registration", HandleKind::kRegistration,
       [](uint64_t handle, Error* error) {
         return interop_sessions_unregister_session_create_cb({handle}, 0, error);
       }},
      {"follower_create_session", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const auto description = Sized<interop_sessions_server_description>();
         return interop_sessions_follower_create_session({handle}, &description, Within(1000),
                                                         nullptr, error);
       }},
      {"follower_reattach_session", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_reattach_session({handle}, 1, {1, 1}, Within(1000),
                                                           nullptr, error);
       }},
      {"follower_report_health", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_report_health({handle}, 1000, error);
       }},
      {"follower_create_session_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const auto description = Sized<interop_sessions_server_description>();
         return interop_sessions_follower_create_session_async({handle}, &description, Within(1000),
                                                               IgnoreCompletion, nullptr, nullptr,
                                                               nullptr, error);
       }},
      {"follower_reattach_session_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_reattach_session_async(
             {handle}, 1, {1, 1}, Within(1000), IgnoreCompletion, nullptr, nullptr, nullptr, error);
       }},
      {"follower_in_callback", "follower", kKind,
       [](uint64_t handle, Error* error) {
         int32_t in_callback = 0;
         return interop_sessions_follower_in_callback({handle}, &in_callback, error);
       }},
      {"follower_session", "follower", kKind,
       [](uint64_t handle, Error* error) {
         auto session = Sized<interop_sessions_session_info>();
         return interop_sessions_follower_session({handle}, &session, error);
       }},
      {"follower_get_statistics", "follower", kKind,
       [](uint64_t handle, Error* error) {
         auto statistics = Sized<interop_sessions_follower_statistics>();
         return interop_sessions_follower_get_statistics({handle}, &statistics, error);
       }},
      {"follower_lease", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const interop_sessions_lease* lease = nullptr;
         return interop_sessions_follower_lease({handle}, &lease, error);
       }},
      {"follower_close", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_close({handle}, 0, error);
       }},
      {"follower_close_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_close_async({handle}, IgnoreClosed, nullptr, nullptr,
                                                      error);
       }},
      {"operation_cancel", "operation", HandleKind::kOperation,
       [](uint64_t handle, Error* error) {
         return interop_sessions_operation_cancel({handle}, error);
       }},
      {"operation_wait", "operation", HandleKind::kOperation,
       [](uint64_t handle, Error* error) {
         return interop_sessions_operation_wait({handle}, 1000, error);
       }},
      {"follower_cancel_operations", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_cancel_operations({handle}, error);
       }},
  };
}

std::vector<CallWithHandle> DataCalls() {
  constexpr auto kKind = HandleKind::kFollower;
  return {
      {"follower_set_item", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_set_item({handle}, 1, Text("key"), Bytes("value"),
                                                   INTEROP_SESSIONS_ANY_REVISION, Within(1000),
                                                   nullptr, error);
       }},
      {"follower_remove_item", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_remove_item(
             {handle}, 1, Text("key"), INTEROP_SESSIONS_ANY_REVISION, Within(1000), error);
       }},
      {"follower_apply_items", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const interop_sessions_item_change change = Change("key");
         return interop_sessions_follower_apply_items({handle}, 1, &change, 1, Within(1000),
                                                      nullptr, error);
       }},
      {"follower_get_item", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_item* item = nullptr;
         return interop_sessions_follower_get_item({handle}, 1, Text("key"), Within(1000), &item,
                                                   error);
       }},
      {"follower_list_items", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_item_page* page = nullptr;
         return interop_sessions_follower_list_items({handle}, 1, {}, Within(1000), &page, error);
       }},
      {"follower_list_sessions", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_session_page* page = nullptr;
         return interop_sessions_follower_list_sessions({handle}, 1, {}, 0, 0, Within(1000), &page,
                                                        error);
       }},
      {"follower_find_session", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_session_row* row = nullptr;
         return interop_sessions_follower_find_session({handle}, 1, Text("other"), Within(1000),
                                                       &row, error);
       }},
      {"follower_list_session_items", "follower", kKind,
       [](uint64_t handle, Error* error) {
         interop_sessions_item_page* page = nullptr;
         return interop_sessions_follower_list_session_items({handle}, 1, 1, {}, Within(1000),
                                                             &page, error);
       }},
      {"follower_find_access_point", "follower", kKind,
       [](uint64_t handle, Error* error) {
         auto access_point = Sized<interop_sessions_access_point>();
         return interop_sessions_follower_find_access_point(
             {handle}, 1, INTEROP_SESSIONS_ACCESS_POINT_NFS, Text("volume"), Within(1000),
             &access_point, error);
       }},
      {"follower_release_access_point", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_release_access_point(
             {handle}, 1, INTEROP_SESSIONS_ACCESS_POINT_NFS, Text("volume"), nullptr, Within(1000),
             error);
       }},
      {"follower_report_data", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const uint64_t pid = 1;
         auto next = Sized<interop_sessions_report_window>();
         return interop_sessions_follower_report_data({handle}, 1, Window(0, 10), &pid, 1,
                                                      Within(1000), &next, error);
       }},
  };
}

std::vector<CallWithHandle> AsyncDataCalls() {
  constexpr auto kKind = HandleKind::kFollower;
  return {
      {"follower_set_item_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_set_item_async(
             {handle}, 1, Text("key"), Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, Within(1000),
             IgnoreRevision, nullptr, nullptr, nullptr, error);
       }},
      {"follower_remove_item_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_remove_item_async(
             {handle}, 1, Text("key"), INTEROP_SESSIONS_ANY_REVISION, Within(1000), IgnoreRemoved,
             nullptr, nullptr, nullptr, error);
       }},
      {"follower_apply_items_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const interop_sessions_item_change change = Change("key");
         return interop_sessions_follower_apply_items_async({handle}, 1, &change, 1, Within(1000),
                                                            IgnoreRevision, nullptr, nullptr,
                                                            nullptr, error);
       }},
      {"follower_get_item_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_get_item_async(
             {handle}, 1, Text("key"), Within(1000), IgnoreItem, nullptr, nullptr, nullptr, error);
       }},
      {"follower_list_items_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_list_items_async(
             {handle}, 1, {}, Within(1000), IgnorePage, nullptr, nullptr, nullptr, error);
       }},
      {"follower_list_sessions_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_list_sessions_async(
             {handle}, 1, {}, 0, 0, Within(1000),
             [](void*, interop_sessions_status, const interop_sessions_error*,
                const interop_sessions_session_page*) {},
             nullptr, nullptr, nullptr, error);
       }},
      {"follower_find_session_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_find_session_async(
             {handle}, 1, Text("other"), Within(1000),
             [](void*, interop_sessions_status, const interop_sessions_error*,
                const interop_sessions_session_row*) {},
             nullptr, nullptr, nullptr, error);
       }},
      {"follower_list_session_items_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_list_session_items_async(
             {handle}, 1, 1, {}, Within(1000), IgnorePage, nullptr, nullptr, nullptr, error);
       }},
      {"follower_find_access_point_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_find_access_point_async(
             {handle}, 1, INTEROP_SESSIONS_ACCESS_POINT_NFS, Text("volume"), Within(1000),
             IgnoreAccessPoint, nullptr, nullptr, nullptr, error);
       }},
      {"follower_release_access_point_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         return interop_sessions_follower_release_access_point_async(
             {handle}, 1, INTEROP_SESSIONS_ACCESS_POINT_NFS, Text("volume"), nullptr, Within(1000),
             IgnoreRemoved, nullptr, nullptr, nullptr, error);
       }},
      {"follower_report_data_async", "follower", kKind,
       [](uint64_t handle, Error* error) {
         const uint64_t pid = 1;
         return interop_sessions_follower_report_data_async({handle}, 1, Window(0, 10), &pid, 1,
                                                            Within(1000), IgnoreWindow, nullptr,
                                                            nullptr, nullptr, error);
       }},
  };
}

}  // namespace

const std::vector<CallWithHandle>& CallsWithHandles() {
  static const std::vector<CallWithHandle> all = [] {
    std::vector<CallWithHandle> calls;
    for (const auto& part :
         {MasterCalls(), ManagerCalls(), SessionCalls(), DataCalls(), AsyncDataCalls()}) {
      calls.insert(calls.end(), part.begin(), part.end());
    }
    return calls;
  }();
  return all;
}

}  // namespace interop::sessions::tests
