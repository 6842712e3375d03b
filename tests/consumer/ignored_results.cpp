// Each line that ends in "warns" ignores a result, and must be remarked on in every standard.
#include <interop_sessions/interop_sessions.hpp>

using namespace interop::sessions;

void ignore(follower& server, follower_manager& manager, master& serving, library& here,
            registration& registered, operation& running) {
  server.create_session({});                                                             // warns
  server.create_session({}, 500);                                                        // warns
  server.create_session({}, 500, [](const result<session>&) {});                         // warns
  server.create_session({}, 500, as_future);                                             // warns
  server.reattach_session(1, {});                                                        // warns
  server.set_item(1, "k", bytes_of("v"));                                                // warns
  server.remove_item(1, "k");                                                            // warns
  server.apply_items(1, {});                                                             // warns
  server.get_item(1, "k");                                                               // warns
  server.list_items(1);                                                                  // warns
  server.find_access_point(1, INTEROP_SESSIONS_ACCESS_POINT_NFS, "o");                   // warns
  server.release_access_point(1, INTEROP_SESSIONS_ACCESS_POINT_NFS, "o", std::nullopt);  // warns
  server.report_data(1, {}, {});                                                         // warns
  server.report_health(1);                                                               // warns
  server.close();                                                                        // warns
  server.register_session_create_cb({});                                                 // warns
  manager.close();                                                                       // warns
  serving.resign();                                                                      // warns
  serving.revoke_session(1, 1, "x");                                                     // warns
  serving.stop();                                                                        // warns
  here.shutdown();                                                                       // warns
  registered.unregister();                                                               // warns
  running.cancel();                                                                      // warns
}
