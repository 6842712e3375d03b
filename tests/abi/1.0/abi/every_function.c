/* The header as a C11 compiler sees it, and every function of it once. */

#include "abi/every_function.h"

#include <interop_sessions/interop_sessions.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

#define TEXT(literal) ((interop_sessions_string){(literal), sizeof(literal) - 1})
#define BYTES(literal) ((interop_sessions_bytes){(const uint8_t*)(literal), sizeof(literal) - 1})
#define SIZED(type) ((type){.struct_size = sizeof(type)})

#define EXPECT(condition) \
  do {                    \
    if (!(condition)) {   \
      return #condition;  \
    }                     \
  } while (0)

#define EXPECT_OK(call)                  \
  do {                                   \
    if ((call) != INTEROP_SESSIONS_OK) { \
      return describe(#call);            \
    }                                    \
  } while (0)

static const uint32_t patience_ms = 20000;
static const uint64_t any = INTEROP_SESSIONS_ANY_REVISION;

static interop_sessions_error error;
static interop_sessions_library library;
static interop_sessions_master master;
static interop_sessions_follower_manager manager;
static interop_sessions_follower follower;
/* Written before the calls whose completions compare it: a race detector sees no order through the library. */
static _Atomic uint64_t epoch;

static const char* describe(const char* call) {
  static char text[1024];
  snprintf(text, sizeof(text), "%s: %s %s", call, interop_sessions_status_name(error.status),
           error.message);
  return text;
}

static const interop_sessions_call_options* within(uint32_t timeout_ms) {
  static interop_sessions_call_options options = {.struct_size = sizeof(options)};
  options.timeout_ms = timeout_ms;
  return &options;
}

/* Callbacks write it, the test reads it. */
typedef struct flag {
  int raised;
} flag;

static void raise_flag(flag* target) { __atomic_store_n(&target->raised, 1, __ATOMIC_RELEASE); }

static int is_raised(const flag* target) {
  return __atomic_load_n(&target->raised, __ATOMIC_ACQUIRE);
}

/* Bounded, so that a missing callback is a failed test and not a hung one. */
static int wait_for(const flag* target) {
  const struct timespec pause = {0, 1000000};
  const int64_t deadline_ns = interop_sessions_now_ns() + (int64_t)patience_ms * 1000000;
  while (!is_raised(target)) {
    if (interop_sessions_now_ns() > deadline_ns) {
      return 0;
    }
    thrd_sleep(&pause, NULL);
  }
  return 1;
}

static void raise_released(void* user_data) { raise_flag(user_data); }

static flag session_create_seen;
static flag completion_seen;
static flag closed_seen;
static flag revoked_seen;
static flag released_seen;
static interop_sessions_status completion_status;

static void on_session_create(void* user_data, const interop_sessions_session_info* session) {
  if (session->epoch != 0) {
    raise_flag(user_data);
  }
}

static void on_completion(void* user_data, interop_sessions_status status,
                          const interop_sessions_error* failure,
                          const interop_sessions_session_info* session) {
  (void)failure;
  (void)session;
  completion_status = status;
  raise_flag(user_data);
}

static void on_closed(void* user_data) { raise_flag(user_data); }

/* How the asynchronous calls below ended, one bit each: completions run in any order. */
enum {
  SET = 1,
  GOT = 2,
  LISTED = 4,
  FOUND = 8,
  REPORTED = 16,
  REMOVED = 32,
  RELEASED = 64,
  SESSIONS_LISTED = 128,
  SESSION_FOUND = 256
};
static int ended_well;

static void note_end(int call, int well) {
  if (well) {
    __atomic_fetch_or(&ended_well, call, __ATOMIC_ACQ_REL);
  }
}

static void on_set(void* user_data, interop_sessions_status status,
                   const interop_sessions_error* failure, uint64_t revision) {
  note_end(SET, failure->status == status && status == INTEROP_SESSIONS_OK && revision != 0);
  raise_flag(user_data);
}

static void on_got(void* user_data, interop_sessions_status status,
                   const interop_sessions_error* failure, const interop_sessions_item* item) {
  note_end(GOT, failure->status == status && status == INTEROP_SESSIONS_OK &&
                    memcmp(item->value.data, "value", 5) == 0);
  raise_flag(user_data);
}

static void on_listed(void* user_data, interop_sessions_status status,
                      const interop_sessions_error* failure,
                      const interop_sessions_item_page* page) {
  note_end(LISTED,
           failure->status == status && status == INTEROP_SESSIONS_OK && page->item_count == 1);
  raise_flag(user_data);
}

static void on_sessions_listed(void* user_data, interop_sessions_status status,
                               const interop_sessions_error* failure,
                               const interop_sessions_session_page* page) {
  note_end(SESSIONS_LISTED,
           failure->status == status && status == INTEROP_SESSIONS_OK && page->row_count == 1);
  raise_flag(user_data);
}

static void on_session_found(void* user_data, interop_sessions_status status,
                             const interop_sessions_error* failure,
                             const interop_sessions_session_row* row) {
  note_end(SESSION_FOUND,
           failure->status == status && status == INTEROP_SESSIONS_OK && row->info->epoch == epoch);
  raise_flag(user_data);
}

static void on_found(void* user_data, interop_sessions_status status,
                     const interop_sessions_error* failure,
                     const interop_sessions_access_point* access_point) {
  note_end(FOUND, failure->status == status && status == INTEROP_SESSIONS_OK &&
                      strcmp(access_point->endpoint, "192.0.2.1:2049") == 0);
  raise_flag(user_data);
}

static void on_released(void* user_data, interop_sessions_status status,
                        const interop_sessions_error* failure) {
  note_end(RELEASED, failure->status == status && status == INTEROP_SESSIONS_OK);
  raise_flag(user_data);
}

static void on_reported(void* user_data, interop_sessions_status status,
                        const interop_sessions_error* failure,
                        const interop_sessions_report_window* next) {
  note_end(REPORTED,
           failure->status == status && status == INTEROP_SESSIONS_OK && next->start_pid == 110);
  raise_flag(user_data);
}

static void on_removed(void* user_data, interop_sessions_status status,
                       const interop_sessions_error* failure) {
  note_end(REMOVED, failure->status == status && status == INTEROP_SESSIONS_OK);
  raise_flag(user_data);
}

static void on_revoked(void* user_data, interop_sessions_status status,
                       const interop_sessions_error* failure) {
  if (status == INTEROP_SESSIONS_OK && failure->status == status) {
    raise_flag(user_data);
  }
}

static void on_data_report(void* user_data, const interop_sessions_data_report* report,
                           interop_sessions_report_window* next,
                           interop_sessions_verdict* verdict) {
  (void)user_data;
  (void)verdict;
  next->start_pid = report->window->start_pid + report->window->report_size;
}

static const char* call_library_functions(void) {
  EXPECT(interop_sessions_abi_version() >> 16 == INTEROP_SESSIONS_ABI_MAJOR);
  EXPECT(strncmp(interop_sessions_version(), "1.", 2) == 0);
  EXPECT(strcmp(interop_sessions_session_state_name(INTEROP_SESSIONS_STATE_SUSPECT), "SUSPECT") ==
         0);
  EXPECT(strcmp(interop_sessions_end_reason_name(INTEROP_SESSIONS_END_CLOSED), "CLOSED") == 0);
  EXPECT(strcmp(interop_sessions_access_point_kind_name(INTEROP_SESSIONS_ACCESS_POINT_NFS),
                "NFS") == 0);
  EXPECT(strcmp(interop_sessions_connection_state_name(INTEROP_SESSIONS_CONNECTION_AWAY), "AWAY") ==
         0);
  const interop_sessions_lease none = {0};
  EXPECT(interop_sessions_lease_check(&none, 1) == 0);
  EXPECT(interop_sessions_lease_remaining_ns(&none, 1) == 0);
  interop_sessions_fence fence = {0};
  EXPECT(interop_sessions_fence_check(&fence, 2) != 0 &&
         interop_sessions_fence_check(&fence, 1) == 0);
  EXPECT(strcmp(interop_sessions_status_name(INTEROP_SESSIONS_NO_MASTER), "NO_MASTER") == 0);
  interop_sessions_options options = SIZED(interop_sessions_options);
  options.abi_version = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
  options.log_user_data = &released_seen;
  options.log_release = raise_released;
  EXPECT_OK(interop_sessions_initialize(&options, &library, &error));
  EXPECT_OK(interop_sessions_set_log_level(library, TEXT("Interop"), INTEROP_SESSIONS_LOG_WARNING,
                                           &error));
  interop_sessions_library_statistics statistics = SIZED(interop_sessions_library_statistics);
  EXPECT_OK(interop_sessions_library_get_statistics(library, &statistics, &error));
  EXPECT(statistics.masters == 0 && statistics.follower_managers == 0);
  return NULL;
}

static const char* start_master(const char* store_path) {
  interop_sessions_access_manager hooks = SIZED(interop_sessions_access_manager);
  hooks.data_report = on_data_report;
  interop_sessions_master_options options = SIZED(interop_sessions_master_options);
  options.listen_address = TEXT("127.0.0.1:0");
  options.store_path = (interop_sessions_string){store_path, strlen(store_path)};
  options.create_store = 1;
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.access_manager = &hooks;
  EXPECT_OK(interop_sessions_master_start(library, &options, &master, &error));
  return NULL;
}

static const char* create_manager(void) {
  uint16_t port = 0;
  EXPECT_OK(interop_sessions_master_port(master, &port, &error));
  int32_t leads = 0;
  uint64_t master_epoch = 0;
  EXPECT_OK(interop_sessions_master_leads(master, &leads, &master_epoch, &error));
  EXPECT(leads == 1 && master_epoch != 0);
  EXPECT(interop_sessions_master_resign(master, 0, &error) == INTEROP_SESSIONS_INVALID_ARGUMENT);
  char endpoint[32];
  const int length = snprintf(endpoint, sizeof(endpoint), "127.0.0.1:%u", (unsigned)port);
  const interop_sessions_string endpoint_text = {endpoint, (size_t)length};
  interop_sessions_follower_manager_options options =
      SIZED(interop_sessions_follower_manager_options);
  options.endpoint_count = 1;
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.endpoints = &endpoint_text;
  EXPECT_OK(interop_sessions_follower_manager_create(library, &options, &manager, &error));
  EXPECT_OK(interop_sessions_follower_manager_set_endpoints(manager, &endpoint_text, 1, &error));
  interop_sessions_follower_manager_statistics statistics =
      SIZED(interop_sessions_follower_manager_statistics);
  EXPECT_OK(interop_sessions_follower_manager_get_statistics(manager, &statistics, &error));
  EXPECT(statistics.connection == INTEROP_SESSIONS_CONNECTION_NONE && statistics.endpoint[0] != 0);
  return NULL;
}

static const char* create_session(void) {
  interop_sessions_follower_options options = SIZED(interop_sessions_follower_options);
  options.identity = TEXT("c11");
  EXPECT_OK(interop_sessions_follower_create(manager, &options, &follower, &error));
  interop_sessions_registration registration = {0};
  EXPECT_OK(interop_sessions_follower_register_session_create_cb(
      follower, on_session_create, &session_create_seen, NULL, &registration, &error));
  interop_sessions_server_description description = SIZED(interop_sessions_server_description);
  interop_sessions_endpoint endpoint = SIZED(interop_sessions_endpoint);
  endpoint.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
  endpoint.address = TEXT("192.0.2.1:2049");
  description.endpoints = &endpoint;
  description.endpoint_count = 1;
  interop_sessions_item rack = SIZED(interop_sessions_item);
  rack.key = TEXT("rack");
  rack.value = BYTES("r7");
  description.items = &rack;
  description.item_count = 1;
  interop_sessions_session_info session = SIZED(interop_sessions_session_info);
  EXPECT_OK(interop_sessions_follower_create_session(follower, &description, within(patience_ms),
                                                     &session, &error));
  EXPECT(is_raised(&session_create_seen));
  EXPECT(session.state == INTEROP_SESSIONS_STATE_ALIVE);
  epoch = session.epoch;
  EXPECT_OK(interop_sessions_unregister_session_create_cb(registration, 0, &error));
  EXPECT_OK(interop_sessions_follower_session(follower, &session, &error));
  interop_sessions_follower_statistics statistics = SIZED(interop_sessions_follower_statistics);
  EXPECT_OK(interop_sessions_follower_get_statistics(follower, &statistics, &error));
  EXPECT(statistics.sessions_granted == 1 && statistics.sessions_lost == 0);
  EXPECT(session.epoch == epoch);
  EXPECT(interop_sessions_follower_reattach_session(follower, session.session_id, session.secret,
                                                    within(patience_ms), &session,
                                                    &error) == INTEROP_SESSIONS_SESSION_EXISTS);
  EXPECT_OK(interop_sessions_follower_report_health(follower, INTEROP_SESSIONS_HEALTHY_UNTIL_TOLD,
                                                    &error));
  const interop_sessions_lease* lease = NULL;
  EXPECT_OK(interop_sessions_follower_lease(follower, &lease, &error));
  EXPECT(interop_sessions_lease_valid(lease, epoch));
  return NULL;
}

static const char* use_items(void) {
  uint64_t revision = 0;
  EXPECT_OK(interop_sessions_follower_set_item(follower, epoch, TEXT("key"), BYTES("value"), any,
                                               within(patience_ms), &revision, &error));
  interop_sessions_item* item = NULL;
  EXPECT_OK(interop_sessions_follower_get_item(follower, epoch, TEXT("key"), within(patience_ms),
                                               &item, &error));
  EXPECT(item->revision == revision && memcmp(item->value.data, "value", 5) == 0);
  interop_sessions_free(item);
  interop_sessions_item_page* page = NULL;
  EXPECT_OK(interop_sessions_follower_list_items(follower, epoch, TEXT("k"), within(patience_ms),
                                                 &page, &error));
  EXPECT(page->item_count == 1);
  interop_sessions_free(page);
  interop_sessions_session_page* sessions = NULL;
  EXPECT_OK(interop_sessions_follower_list_sessions(follower, epoch, TEXT("c1"), 0, 0,
                                                    within(patience_ms), &sessions, &error));
  EXPECT(sessions->row_count == 1 && sessions->next_session_id == 0);
  interop_sessions_free(sessions);
  interop_sessions_session_row* row = NULL;
  EXPECT_OK(interop_sessions_follower_find_session(follower, epoch, TEXT("c11"),
                                                   within(patience_ms), &row, &error));
  EXPECT(row->info->epoch == epoch && row->info->secret.low == 0 && row->info->secret.high == 0);
  EXPECT_OK(interop_sessions_follower_list_session_items(
      follower, epoch, row->info->session_id, TEXT("k"), within(patience_ms), &page, &error));
  EXPECT(page->item_count == 1);
  interop_sessions_free(page);
  interop_sessions_free(row);
  EXPECT_OK(interop_sessions_follower_remove_item(follower, epoch, TEXT("key"), revision,
                                                  within(patience_ms), &error));
  interop_sessions_item_change changes[2] = {SIZED(interop_sessions_item_change),
                                             SIZED(interop_sessions_item_change)};
  changes[0].kind = INTEROP_SESSIONS_ITEM_CHECK;
  changes[0].key = TEXT("key");
  changes[1].kind = INTEROP_SESSIONS_ITEM_REMOVE;
  changes[1].key = TEXT("rack");
  changes[1].compare_revision = epoch;
  EXPECT_OK(interop_sessions_follower_apply_items(follower, epoch, changes, 2, within(patience_ms),
                                                  &revision, &error));
  EXPECT(revision > epoch);
  return NULL;
}

static const char* use_access_point_and_report(void) {
  interop_sessions_access_point access_point = SIZED(interop_sessions_access_point);
  EXPECT_OK(interop_sessions_follower_find_access_point(
      follower, epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, TEXT("volume"), within(patience_ms),
      &access_point, &error));
  EXPECT(strcmp(access_point.endpoint, "192.0.2.1:2049") == 0);
  EXPECT(access_point.revision != 0);
  EXPECT_OK(interop_sessions_follower_release_access_point(
      follower, epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, TEXT("volume"), &access_point,
      within(patience_ms), &error));
  const interop_sessions_report_window window = {sizeof(window), 10, 100};
  const uint64_t pids[] = {101, 109};
  interop_sessions_report_window next = SIZED(interop_sessions_report_window);
  EXPECT_OK(interop_sessions_follower_report_data(follower, epoch, &window, pids, 2,
                                                  within(patience_ms), &next, &error));
  EXPECT(next.start_pid == 110 && next.report_size == 10);
  return NULL;
}

static const char* use_items_without_blocking(void) {
  static flag ends[11];
  int32_t in_callback = 1;
  EXPECT_OK(interop_sessions_follower_in_callback(follower, &in_callback, &error));
  EXPECT(!in_callback);
  interop_sessions_operation operation = {0};
  EXPECT_OK(interop_sessions_follower_set_item_async(follower, epoch, TEXT("key"), BYTES("value"),
                                                     any, within(patience_ms), on_set, &ends[0],
                                                     NULL, &operation, &error));
  EXPECT(operation.value != 0 && wait_for(&ends[0]));
  EXPECT_OK(interop_sessions_follower_get_item_async(
      follower, epoch, TEXT("key"), within(patience_ms), on_got, &ends[1], NULL, NULL, &error));
  EXPECT_OK(interop_sessions_follower_list_items_async(
      follower, epoch, TEXT("k"), within(patience_ms), on_listed, &ends[2], NULL, NULL, &error));
  EXPECT(wait_for(&ends[1]) && wait_for(&ends[2]));
  interop_sessions_item_change change = SIZED(interop_sessions_item_change);
  change.kind = INTEROP_SESSIONS_ITEM_SET;
  change.key = TEXT("key");
  change.value = BYTES("value");
  change.compare_revision = any;
  EXPECT_OK(interop_sessions_follower_apply_items_async(
      follower, epoch, &change, 1, within(patience_ms), on_set, &ends[10], NULL, NULL, &error));
  EXPECT(wait_for(&ends[10]));
  EXPECT_OK(interop_sessions_follower_list_sessions_async(follower, epoch, TEXT("c11"), 0, 1,
                                                          within(patience_ms), on_sessions_listed,
                                                          &ends[7], NULL, NULL, &error));
  EXPECT_OK(interop_sessions_follower_find_session_async(follower, epoch, TEXT("c11"),
                                                         within(patience_ms), on_session_found,
                                                         &ends[8], NULL, NULL, &error));
  interop_sessions_session_info own = SIZED(interop_sessions_session_info);
  EXPECT_OK(interop_sessions_follower_session(follower, &own, &error));
  EXPECT_OK(interop_sessions_follower_list_session_items_async(
      follower, epoch, own.session_id, TEXT("k"), within(patience_ms), on_listed, &ends[9], NULL,
      NULL, &error));
  EXPECT(wait_for(&ends[7]) && wait_for(&ends[8]) && wait_for(&ends[9]));
  EXPECT_OK(interop_sessions_follower_remove_item_async(follower, epoch, TEXT("key"), any,
                                                        within(patience_ms), on_removed, &ends[3],
                                                        NULL, NULL, &error));
  EXPECT_OK(interop_sessions_follower_find_access_point_async(
      follower, epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, TEXT("volume"), within(patience_ms),
      on_found, &ends[4], NULL, NULL, &error));
  const interop_sessions_report_window window = {sizeof(window), 10, 100};
  const uint64_t pid = 101;
  EXPECT_OK(interop_sessions_follower_report_data_async(follower, epoch, &window, &pid, 1,
                                                        within(patience_ms), on_reported, &ends[5],
                                                        NULL, NULL, &error));
  EXPECT(wait_for(&ends[3]) && wait_for(&ends[4]) && wait_for(&ends[5]));
  EXPECT_OK(interop_sessions_follower_release_access_point_async(
      follower, epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, TEXT("volume"), NULL, within(patience_ms),
      on_released, &ends[6], NULL, NULL, &error));
  EXPECT(wait_for(&ends[6]));
  EXPECT(__atomic_load_n(&ended_well, __ATOMIC_ACQUIRE) ==
         (SET | GOT | LISTED | FOUND | REPORTED | REMOVED | RELEASED | SESSIONS_LISTED |
          SESSION_FOUND));
  const interop_sessions_secret secret = {1, 1};
  EXPECT(interop_sessions_follower_reattach_session_async(
             follower, 1, secret, within(patience_ms), on_completion, &completion_seen, NULL, NULL,
             &error) == INTEROP_SESSIONS_SESSION_EXISTS);
  return NULL;
}

static const char* use_master(void) {
  interop_sessions_master_statistics statistics = SIZED(interop_sessions_master_statistics);
  EXPECT_OK(interop_sessions_master_get_statistics(master, &statistics, &error));
  EXPECT(statistics.sessions == 1 && statistics.sessions_granted >= 1 && statistics.commits > 0);
  interop_sessions_session_page* sessions = NULL;
  EXPECT_OK(interop_sessions_master_list_sessions(master, 0, 0, &sessions, &error));
  EXPECT(sessions->row_count == 1 &&
         interop_sessions_session_page_row(sessions, 0)->info->epoch == epoch);
  const uint64_t session_id = interop_sessions_session_page_row(sessions, 0)->info->session_id;
  EXPECT(interop_sessions_session_request_endpoint(
             interop_sessions_session_page_row(sessions, 0)->request, 0)
             ->kind == INTEROP_SESSIONS_ACCESS_POINT_NFS);
  interop_sessions_free(sessions);
  interop_sessions_item_page* items = NULL;
  EXPECT_OK(interop_sessions_master_list_items(master, session_id, TEXT(""), &items, &error));
  EXPECT(items->item_count == 0);
  interop_sessions_free(items);
  uint64_t count = 0;
  EXPECT_OK(interop_sessions_master_count_sessions(master, &count, &error));
  EXPECT(count == 1);
  interop_sessions_session_row* row = NULL;
  EXPECT_OK(interop_sessions_master_get_session(master, session_id, &row, &error));
  EXPECT(row->info->epoch == epoch);
  interop_sessions_free(row);
  EXPECT_OK(interop_sessions_master_find_session(master, TEXT("c11"), &row, &error));
  EXPECT(row->request->session_id == session_id);
  interop_sessions_free(row);
  interop_sessions_item* item = NULL;
  EXPECT(interop_sessions_master_get_item(master, session_id, TEXT("none"), &item, &error) ==
         INTEROP_SESSIONS_ITEM_NOT_FOUND);
  EXPECT_OK(interop_sessions_master_revoke_session_async(master, session_id, epoch, TEXT("test"),
                                                         NULL, on_revoked, &revoked_seen, NULL,
                                                         NULL, &error));
  EXPECT(wait_for(&revoked_seen));
  /* Its holder may have acknowledged it by now. */
  const interop_sessions_status again =
      interop_sessions_master_revoke_session(master, session_id, epoch, TEXT("test"), NULL, &error);
  EXPECT(again == INTEROP_SESSIONS_OK || again == INTEROP_SESSIONS_SESSION_REVOKED);
  return NULL;
}

static const char* create_and_cancel(void) {
  interop_sessions_follower_options options = SIZED(interop_sessions_follower_options);
  options.identity = TEXT("c11-async");
  interop_sessions_follower other = {0};
  EXPECT_OK(interop_sessions_follower_create(manager, &options, &other, &error));
  const interop_sessions_server_description description =
      SIZED(interop_sessions_server_description);
  interop_sessions_operation operation = {0};
  EXPECT_OK(interop_sessions_follower_create_session_async(other, &description, within(patience_ms),
                                                           on_completion, &completion_seen, NULL,
                                                           &operation, &error));
  const interop_sessions_status cancelled = interop_sessions_operation_cancel(operation, &error);
  EXPECT(cancelled == INTEROP_SESSIONS_OK || cancelled == INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_OK(interop_sessions_follower_cancel_operations(other, &error));
  EXPECT_OK(interop_sessions_operation_wait(operation, patience_ms, &error));
  EXPECT(is_raised(&completion_seen));
  EXPECT(completion_status == INTEROP_SESSIONS_OK ||
         completion_status == INTEROP_SESSIONS_CANCELLED);
  EXPECT_OK(interop_sessions_follower_close_async(other, on_closed, &closed_seen, NULL, &error));
  EXPECT(wait_for(&closed_seen));
  return NULL;
}

static const char* end_everything(void) {
  interop_sessions_fence fence = {0};
  EXPECT(interop_sessions_fence_accept(&fence, 2) && !interop_sessions_fence_accept(&fence, 1));
  EXPECT_OK(interop_sessions_follower_close(follower, 0, &error));
  EXPECT_OK(interop_sessions_follower_manager_close(manager, 0, &error));
  EXPECT_OK(interop_sessions_master_stop(master, 0, &error));
  EXPECT_OK(interop_sessions_shutdown(library, 0, &error));
  EXPECT(is_raised(&released_seen));
  return NULL;
}

const char* call_every_function(const char* store_path) {
  error.struct_size = sizeof(error);
  const char* failed = call_library_functions();
  failed = failed ? failed : start_master(store_path);
  failed = failed ? failed : create_manager();
  failed = failed ? failed : create_session();
  failed = failed ? failed : use_items();
  failed = failed ? failed : use_access_point_and_report();
  failed = failed ? failed : use_items_without_blocking();
  failed = failed ? failed : use_master();
  failed = failed ? failed : create_and_cancel();
  failed = failed ? failed : end_everything();
  return failed;
}
