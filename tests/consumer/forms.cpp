// Every call in the forms that C++17 has, without exceptions and RTTI if the compiler is told so: a program of a host that has only
// the installed package. It serves as a master, gets a session from itself, and uses it.

#include <cstdio>
#include <cstdlib>
#include <interop_sessions/interop_sessions.hpp>
#include <string>

namespace {

using namespace interop::sessions;

// The value, or the end of the program.
template <class T>
T must(result<T> answer) {
  if (!answer) {
    std::fprintf(stderr, "%s\n", answer.error().message.c_str());
    std::exit(1);
  }
  return *std::move(answer);
}

void use(const follower& server, std::uint64_t epoch) {
  const std::uint64_t pids[] = {5};
  must(server.set_item(epoch, "rack", bytes_of("r7"), any_revision, 5000));
  must(server.apply_items(epoch, {item_change::set("zone", bytes_of("z1"), 0)}));
  must(server.list_items(epoch, "ra", {}, as_future).get());
  must(server.find_access_point(epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume"));
  must(server.release_access_point(epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, "volume",
                                   std::nullopt));
  if (!server.report_data(epoch, {0, 10}, {pids, 1}).error().is(INTEROP_SESSIONS_REPORT_REFUSED)) {
    std::exit(1);
  }
  std::promise<std::string> rack;
  must(server.get_item(epoch, "rack", 5000, [&](const result<item>& got) {
    rack.set_value(std::string(text_of(got->value)));
  })).detach();
  if (rack.get_future().get() != "r7") {
    std::exit(1);
  }
  must(with_futures(server).remove_item(epoch, "rack").get());
}

}  // namespace

int main() {
  std::string folder = "/tmp/forms-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return 1;
  }
  {
    const library here = must(library::initialize());
    master_options serving;
    serving.listen_address = "127.0.0.1:0";
    serving.store_path = folder + "/sessions.db";
    serving.create_store = true;
    serving.insecure = insecure_peers::loopback;
    master served = must(master::start(here, serving));
    if (!served.revoke_session(1, 1, "none", 5000, as_future)
             .get()
             .error()
             .is(INTEROP_SESSIONS_UNKNOWN_SESSION)) {
      return 1;
    }
    must(must(served.revoke_session(1, 1, "none", 5000, [](const result<void>&) {})).wait());
    follower_manager_options masters;
    masters.endpoints = {"127.0.0.1:" + std::to_string(must(served.port()))};
    masters.insecure = insecure_peers::loopback;
    follower_manager manager = must(follower_manager::create(here, masters));
    const event_queue events;
    const follower server = must(manager.create_follower("forms", events.callbacks()));
    server_description offered;
    offered.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "10.0.0.7:2049"}};
    const session held = must(server.create_session(offered));
    if (must(events.next()).kind != event_kind::created || !server.lease_of(held).valid()) {
      return 1;
    }
    use(server, held.epoch);
    must(server.close());
  }
  std::system(("rm -r " + folder).c_str());
  std::puts("forms: got a session and used it");
}
