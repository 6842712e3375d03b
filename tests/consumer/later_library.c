/* In place of the library one of a later minor, which answers values that this release's header has no names for. */
#include <interop_sessions/interop_sessions.h>

enum { LATER = 70 };
#define LATER_FLAG 0x80000000U

uint32_t interop_sessions_abi_version(void) {
  return INTEROP_SESSIONS_ABI_MAJOR << 16 | (INTEROP_SESSIONS_ABI_MINOR + 1);
}

const char* interop_sessions_status_name(interop_sessions_status status) {
  return status == LATER ? "RATE_LIMITED" : "OTHER";
}

interop_sessions_status interop_sessions_follower_session(interop_sessions_follower follower,
                                                          interop_sessions_session_info* session,
                                                          interop_sessions_error* error) {
  (void)follower;
  session->state = LATER;
  session->end_reason = LATER;
  session->flags = LATER_FLAG | INTEROP_SESSIONS_SESSION_DRAINING;
  error->status = LATER;
  error->flags = LATER_FLAG | INTEROP_SESSIONS_ERROR_PASSING;
  return LATER;
}

interop_sessions_status interop_sessions_follower_manager_get_statistics(
    interop_sessions_follower_manager manager,
    interop_sessions_follower_manager_statistics* statistics, interop_sessions_error* error) {
  (void)manager;
  (void)error;
  statistics->connection = LATER;
  return INTEROP_SESSIONS_OK;
}

interop_sessions_status interop_sessions_master_get_session(interop_sessions_master master,
                                                            uint64_t session_id,
                                                            interop_sessions_session_row** row,
                                                            interop_sessions_error* error) {
  static interop_sessions_session_info info = INTEROP_SESSIONS_INIT(interop_sessions_session_info);
  static interop_sessions_endpoint endpoint = INTEROP_SESSIONS_INIT(interop_sessions_endpoint);
  static interop_sessions_session_request request =
      INTEROP_SESSIONS_INIT(interop_sessions_session_request);
  static interop_sessions_session_row answered =
      INTEROP_SESSIONS_INIT(interop_sessions_session_row);
  (void)master;
  (void)session_id;
  (void)error;
  endpoint.kind = LATER;
  request.flags = LATER_FLAG | INTEROP_SESSIONS_SESSION_SUSPECT;
  request.first_endpoint = &endpoint;
  request.endpoint_count = 1;
  answered.info = &info;
  answered.request = &request;
  *row = &answered;
  return INTEROP_SESSIONS_OK;
}
