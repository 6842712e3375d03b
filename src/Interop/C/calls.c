/* Every call that the runtime answers, behind a guard in C: what refuses a call must not need the runtime, which is not there
 * before initialize(), and stands still in a forked child. The guard also refuses an `error` of unusable size, before the arguments
 * of the call are read. */
#include "front.h"

/* The macro is given what a refusal is to do besides, a list of parameters and the names in it; the header says whether they
 * are right. */
#define GUARDED_AND(name, refused, parameters, ...)                         \
  interop_sessions_status interop_sessions_managed_##name parameters;       \
  interop_sessions_status interop_sessions_##name parameters {              \
    const interop_sessions_status refusal = interop_sessions_refuse(error); \
    if (refusal != INTEROP_SESSIONS_OK) {                                   \
      refused;                                                              \
      return refusal;                                                       \
    }                                                                       \
    return interop_sessions_managed_##name(__VA_ARGS__);                    \
  }

#define GUARDED(name, parameters, ...) GUARDED_AND(name, , parameters, __VA_ARGS__)

GUARDED(set_log_level,
        (interop_sessions_library library, interop_sessions_string category,
         interop_sessions_log_level level, interop_sessions_error* error),
        library, category, level, error)
GUARDED_AND(master_start, interop_sessions_release_hooks(options),
            (interop_sessions_library library, const interop_sessions_master_options* options,
             interop_sessions_master* master, interop_sessions_error* error),
            library, options, master, error)
GUARDED(master_port,
        (interop_sessions_master master, uint16_t* port, interop_sessions_error* error), master,
        port, error)
GUARDED(master_leads,
        (interop_sessions_master master, int32_t* leads, uint64_t* master_epoch,
         interop_sessions_error* error),
        master, leads, master_epoch, error)
GUARDED(master_resign,
        (interop_sessions_master master, uint32_t timeout_ms, interop_sessions_error* error),
        master, timeout_ms, error)
GUARDED(library_get_statistics,
        (interop_sessions_library library, interop_sessions_library_statistics* statistics,
         interop_sessions_error* error),
        library, statistics, error)
GUARDED(master_get_statistics,
        (interop_sessions_master master, interop_sessions_master_statistics* statistics,
         interop_sessions_error* error),
        master, statistics, error)
GUARDED(master_list_sessions,
        (interop_sessions_master master, uint64_t from_session_id, uint32_t limit,
         interop_sessions_session_page** page, interop_sessions_error* error),
        master, from_session_id, limit, page, error)
GUARDED(master_count_sessions,
        (interop_sessions_master master, uint64_t* count, interop_sessions_error* error), master,
        count, error)
GUARDED(master_get_session,
        (interop_sessions_master master, uint64_t session_id, interop_sessions_session_row** row,
         interop_sessions_error* error),
        master, session_id, row, error)
GUARDED(master_find_session,
        (interop_sessions_master master, interop_sessions_string identity,
         interop_sessions_session_row** row, interop_sessions_error* error),
        master, identity, row, error)
GUARDED(master_get_item,
        (interop_sessions_master master, uint64_t session_id, interop_sessions_string key,
         interop_sessions_item** item, interop_sessions_error* error),
        master, session_id, key, item, error)
GUARDED(master_revoke_session,
        (interop_sessions_master master, uint64_t session_id, uint64_t epoch,
         interop_sessions_string reason, const interop_sessions_call_options* options,
         interop_sessions_error* error),
        master, session_id, epoch, reason, options, error)
GUARDED_AND(master_revoke_session_async, interop_sessions_release(user_data, release),
            (interop_sessions_master master, uint64_t session_id, uint64_t epoch,
             interop_sessions_string reason, const interop_sessions_call_options* options,
             interop_sessions_revoke_session_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            master, session_id, epoch, reason, options, completion, user_data, release, operation,
            error)
GUARDED(master_list_items,
        (interop_sessions_master master, uint64_t session_id, interop_sessions_string prefix,
         interop_sessions_item_page** page, interop_sessions_error* error),
        master, session_id, prefix, page, error)
GUARDED(master_stop,
        (interop_sessions_master master, uint32_t timeout_ms, interop_sessions_error* error),
        master, timeout_ms, error)
GUARDED(follower_manager_create,
        (interop_sessions_library library, const interop_sessions_follower_manager_options* options,
         interop_sessions_follower_manager* manager, interop_sessions_error* error),
        library, options, manager, error)
GUARDED(follower_manager_set_endpoints,
        (interop_sessions_follower_manager manager, const interop_sessions_string* endpoints,
         uint32_t endpoint_count, interop_sessions_error* error),
        manager, endpoints, endpoint_count, error)
GUARDED(follower_manager_get_statistics,
        (interop_sessions_follower_manager manager,
         interop_sessions_follower_manager_statistics* statistics, interop_sessions_error* error),
        manager, statistics, error)
GUARDED(follower_manager_close,
        (interop_sessions_follower_manager manager, uint32_t timeout_ms,
         interop_sessions_error* error),
        manager, timeout_ms, error)
GUARDED_AND(follower_create, interop_sessions_release_callbacks(options),
            (interop_sessions_follower_manager manager,
             const interop_sessions_follower_options* options, interop_sessions_follower* follower,
             interop_sessions_error* error),
            manager, options, follower, error)
GUARDED_AND(follower_register_session_create_cb, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, interop_sessions_session_create_cb callback,
             void* user_data, interop_sessions_release_cb release,
             interop_sessions_registration* registration, interop_sessions_error* error),
            follower, callback, user_data, release, registration, error)
GUARDED(unregister_session_create_cb,
        (interop_sessions_registration registration, uint32_t timeout_ms,
         interop_sessions_error* error),
        registration, timeout_ms, error)
GUARDED(follower_create_session,
        (interop_sessions_follower follower, const interop_sessions_server_description* description,
         const interop_sessions_call_options* options, interop_sessions_session_info* session,
         interop_sessions_error* error),
        follower, description, options, session, error)
GUARDED(follower_reattach_session,
        (interop_sessions_follower follower, uint64_t session_id, interop_sessions_secret secret,
         const interop_sessions_call_options* options, interop_sessions_session_info* session,
         interop_sessions_error* error),
        follower, session_id, secret, options, session, error)
GUARDED_AND(follower_create_session_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower,
             const interop_sessions_server_description* description,
             const interop_sessions_call_options* options,
             interop_sessions_create_session_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, description, options, completion, user_data, release, operation, error)
GUARDED_AND(follower_reattach_session_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t session_id,
             interop_sessions_secret secret, const interop_sessions_call_options* options,
             interop_sessions_create_session_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, session_id, secret, options, completion, user_data, release, operation, error)
GUARDED(operation_cancel, (interop_sessions_operation operation, interop_sessions_error* error),
        operation, error)
GUARDED(operation_wait,
        (interop_sessions_operation operation, uint32_t timeout_ms, interop_sessions_error* error),
        operation, timeout_ms, error)
GUARDED(follower_cancel_operations,
        (interop_sessions_follower follower, interop_sessions_error* error), follower, error)
GUARDED(follower_session,
        (interop_sessions_follower follower, interop_sessions_session_info* session,
         interop_sessions_error* error),
        follower, session, error)
GUARDED(follower_get_statistics,
        (interop_sessions_follower follower, interop_sessions_follower_statistics* statistics,
         interop_sessions_error* error),
        follower, statistics, error)
GUARDED(follower_report_health,
        (interop_sessions_follower follower, uint32_t healthy_for_ms,
         interop_sessions_error* error),
        follower, healthy_for_ms, error)
GUARDED(follower_set_item,
        (interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
         interop_sessions_bytes value, uint64_t compare_revision,
         const interop_sessions_call_options* options, uint64_t* revision,
         interop_sessions_error* error),
        follower, expected_epoch, key, value, compare_revision, options, revision, error)
GUARDED(follower_remove_item,
        (interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
         uint64_t compare_revision, const interop_sessions_call_options* options,
         interop_sessions_error* error),
        follower, expected_epoch, key, compare_revision, options, error)
GUARDED(follower_apply_items,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         const interop_sessions_item_change* changes, uint32_t change_count,
         const interop_sessions_call_options* options, uint64_t* revision,
         interop_sessions_error* error),
        follower, expected_epoch, changes, change_count, options, revision, error)
GUARDED(follower_get_item,
        (interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
         const interop_sessions_call_options* options, interop_sessions_item** item,
         interop_sessions_error* error),
        follower, expected_epoch, key, options, item, error)
GUARDED(follower_list_items,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         interop_sessions_string prefix, const interop_sessions_call_options* options,
         interop_sessions_item_page** page, interop_sessions_error* error),
        follower, expected_epoch, prefix, options, page, error)
GUARDED(follower_list_sessions,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         interop_sessions_string identity_prefix, uint64_t from_session_id, uint32_t limit,
         const interop_sessions_call_options* options, interop_sessions_session_page** page,
         interop_sessions_error* error),
        follower, expected_epoch, identity_prefix, from_session_id, limit, options, page, error)
GUARDED(follower_find_session,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         interop_sessions_string identity, const interop_sessions_call_options* options,
         interop_sessions_session_row** row, interop_sessions_error* error),
        follower, expected_epoch, identity, options, row, error)
GUARDED(follower_list_session_items,
        (interop_sessions_follower follower, uint64_t expected_epoch, uint64_t session_id,
         interop_sessions_string prefix, const interop_sessions_call_options* options,
         interop_sessions_item_page** page, interop_sessions_error* error),
        follower, expected_epoch, session_id, prefix, options, page, error)
GUARDED(follower_find_access_point,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         interop_sessions_access_point_kind kind, interop_sessions_string object,
         const interop_sessions_call_options* options, interop_sessions_access_point* access_point,
         interop_sessions_error* error),
        follower, expected_epoch, kind, object, options, access_point, error)
GUARDED(follower_release_access_point,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         interop_sessions_access_point_kind kind, interop_sessions_string object,
         const interop_sessions_access_point* found, const interop_sessions_call_options* options,
         interop_sessions_error* error),
        follower, expected_epoch, kind, object, found, options, error)
GUARDED(follower_report_data,
        (interop_sessions_follower follower, uint64_t expected_epoch,
         const interop_sessions_report_window* window, const uint64_t* pids, uint32_t pid_count,
         const interop_sessions_call_options* options, interop_sessions_report_window* next,
         interop_sessions_error* error),
        follower, expected_epoch, window, pids, pid_count, options, next, error)
GUARDED_AND(follower_set_item_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string key, interop_sessions_bytes value, uint64_t compare_revision,
             const interop_sessions_call_options* options, interop_sessions_set_item_cb completion,
             void* user_data, interop_sessions_release_cb release,
             interop_sessions_operation* operation, interop_sessions_error* error),
            follower, expected_epoch, key, value, compare_revision, options, completion, user_data,
            release, operation, error)
GUARDED_AND(follower_remove_item_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string key, uint64_t compare_revision,
             const interop_sessions_call_options* options,
             interop_sessions_remove_item_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, key, compare_revision, options, completion, user_data,
            release, operation, error)
GUARDED_AND(follower_apply_items_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             const interop_sessions_item_change* changes, uint32_t change_count,
             const interop_sessions_call_options* options,
             interop_sessions_apply_items_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, changes, change_count, options, completion, user_data,
            release, operation, error)
GUARDED_AND(follower_get_item_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string key, const interop_sessions_call_options* options,
             interop_sessions_get_item_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, key, options, completion, user_data, release, operation,
            error)
GUARDED_AND(follower_list_items_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string prefix, const interop_sessions_call_options* options,
             interop_sessions_list_items_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, prefix, options, completion, user_data, release, operation,
            error)
GUARDED_AND(follower_list_sessions_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string identity_prefix, uint64_t from_session_id, uint32_t limit,
             const interop_sessions_call_options* options,
             interop_sessions_list_sessions_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, identity_prefix, from_session_id, limit, options, completion,
            user_data, release, operation, error)
GUARDED_AND(follower_find_session_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_string identity, const interop_sessions_call_options* options,
             interop_sessions_find_session_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, identity, options, completion, user_data, release, operation,
            error)
GUARDED_AND(follower_list_session_items_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch, uint64_t session_id,
             interop_sessions_string prefix, const interop_sessions_call_options* options,
             interop_sessions_list_items_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, session_id, prefix, options, completion, user_data, release,
            operation, error)
GUARDED_AND(follower_find_access_point_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_access_point_kind kind, interop_sessions_string object,
             const interop_sessions_call_options* options,
             interop_sessions_find_access_point_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, kind, object, options, completion, user_data, release,
            operation, error)
GUARDED_AND(follower_release_access_point_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             interop_sessions_access_point_kind kind, interop_sessions_string object,
             const interop_sessions_access_point* found,
             const interop_sessions_call_options* options,
             interop_sessions_release_access_point_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, kind, object, found, options, completion, user_data, release,
            operation, error)
GUARDED_AND(follower_report_data_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, uint64_t expected_epoch,
             const interop_sessions_report_window* window, const uint64_t* pids, uint32_t pid_count,
             const interop_sessions_call_options* options,
             interop_sessions_report_data_cb completion, void* user_data,
             interop_sessions_release_cb release, interop_sessions_operation* operation,
             interop_sessions_error* error),
            follower, expected_epoch, window, pids, pid_count, options, completion, user_data,
            release, operation, error)
GUARDED(follower_in_callback,
        (interop_sessions_follower follower, int32_t* in_callback, interop_sessions_error* error),
        follower, in_callback, error)
GUARDED(follower_close,
        (interop_sessions_follower follower, uint32_t timeout_ms, interop_sessions_error* error),
        follower, timeout_ms, error)
GUARDED_AND(follower_close_async, interop_sessions_release(user_data, release),
            (interop_sessions_follower follower, interop_sessions_closed_cb closed, void* user_data,
             interop_sessions_release_cb release, interop_sessions_error* error),
            follower, closed, user_data, release, error)
GUARDED(follower_lease,
        (interop_sessions_follower follower, const interop_sessions_lease** lease,
         interop_sessions_error* error),
        follower, lease, error)
