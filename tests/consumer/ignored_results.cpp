// Each line that ends in "warns" ignores a result, and must be remarked on in every standard.
#include <interop_sessions/interop_sessions.hpp>
#include <interop_sessions/session_file.hpp>

using namespace interop::sessions;

void ignore(follower& server, follower_manager& manager, master& serving, library& here,
            registration& registered, operation& running, const event_queue& events,
            const session_file& kept, const api& functions) {
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
  server.list_sessions(1);                                                               // warns
  server.find_session(1, "i");                                                           // warns
  server.list_session_items(1, 1);                                                       // warns
  server.find_access_point(1, INTEROP_SESSIONS_ACCESS_POINT_NFS, "o");                   // warns
  server.release_access_point(1, INTEROP_SESSIONS_ACCESS_POINT_NFS, "o", std::nullopt);  // warns
  server.report_data(1, {}, {});                                                         // warns
  server.report_health(1);                                                               // warns
  server.cancel_operations();                                                            // warns
  server.current_session();                                                              // warns
  server.statistics();                                                                   // warns
  server.close();                                                                        // warns
  server.close(500);                                                                     // warns
  server.register_session_create_cb({});                                                 // warns
  with_futures(server).get_item(1, "k");                                                 // warns
  follower_manager::create(here, {});                                                    // warns
  manager.create_follower("i");                                                          // warns
  manager.set_endpoints({});                                                             // warns
  manager.statistics();                                                                  // warns
  manager.close();                                                                       // warns
  master::start(here, {});                                                               // warns
  serving.port();                                                                        // warns
  serving.leads();                                                                       // warns
  serving.statistics();                                                                  // warns
  serving.list_sessions();                                                               // warns
  serving.count_sessions();                                                              // warns
  serving.get_session(1);                                                                // warns
  serving.find_session("i");                                                             // warns
  serving.get_item(1, "k");                                                              // warns
  serving.list_items(1);                                                                 // warns
  serving.resign();                                                                      // warns
  serving.revoke_session(1, 1, "x");                                                     // warns
  serving.stop();                                                                        // warns
  library::initialize({}, functions);                                                    // warns
  here.shutdown();                                                                       // warns
  here.set_log_level(INTEROP_SESSIONS_LOG_DEBUG);                                        // warns
  here.statistics();                                                                     // warns
  api::load("x");                                                                        // warns
  registered.unregister();                                                               // warns
  running.cancel();                                                                      // warns
  running.wait();                                                                        // warns
  events.next();                                                                         // warns
  events.try_next();                                                                     // warns
  kept.reattach_or_create(server, {});                                                   // warns
  kept.saved();                                                                          // warns
}
