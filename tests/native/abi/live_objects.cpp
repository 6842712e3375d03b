#include "abi/live_objects.h"

#include <interop_sessions/thread_sanitizer_signals.hpp>
#include <stdexcept>

namespace interop::sessions::tests {

namespace {

void IgnoreSession(void*, const interop_sessions_session_info*) {}

}  // namespace

void Require(interop_sessions_status status, const Error& error) {
  if (status != INTEROP_SESSIONS_OK) {
    throw std::runtime_error(std::string(interop_sessions_status_name(status)) + ": " +
                             error.message);
  }
}

interop_sessions_follower_manager ManagerOf(interop_sessions_library library,
                                            const std::string& endpoint) {
  const interop_sessions_string endpoint_text = Text(endpoint);
  auto options = Sized<interop_sessions_follower_manager_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.endpoint_count = 1;
  options.endpoints = &endpoint_text;
  interop_sessions_follower_manager manager = {};
  Error error;
  Require(interop_sessions_follower_manager_create(library, &options, &manager, &error), error);
  return manager;
}

interop_sessions_follower FollowerOf(interop_sessions_follower_manager manager,
                                     const std::string& identity) {
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text(identity);
  interop_sessions_follower follower = {};
  Error error;
  Require(interop_sessions_follower_create(manager, &options, &follower, &error), error);
  return follower;
}

interop_sessions_options DefaultOptions() {
  auto options = Sized<interop_sessions_options>();
  options.abi_version = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
  return options;
}

void InitializeLibrary(const interop_sessions_options& options) {
  Error error;
  Require(interop_sessions_initialize(&options, &TestLibrary(), &error), error);
  detail::deliver_collector_signal_at_once();
}

LiveObjects::LiveObjects() : LiveObjects(DefaultOptions()) {}

LiveObjects::LiveObjects(const interop_sessions_options& options) {
  InitializeLibrary(options);
  Error error;
  const auto master_options = MasterOptions();
  Require(interop_sessions_master_start(TestLibrary(), &master_options, &master, &error), error);
  uint16_t port = 0;
  Require(interop_sessions_master_port(master, &port, &error), error);
  endpoint = "127.0.0.1:" + std::to_string(port);

  manager = ManagerOf(TestLibrary(), endpoint);
  follower = FreshFollower();
  Require(interop_sessions_follower_register_session_create_cb(follower, IgnoreSession, nullptr,
                                                               nullptr, &registration, &error),
          error);
  auto description = Sized<interop_sessions_server_description>();
  auto nfs = Sized<interop_sessions_endpoint>();
  nfs.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
  nfs.address = Text("192.0.2.1:2049");
  description.endpoints = &nfs;
  description.endpoint_count = 1;
  session = Sized<interop_sessions_session_info>();
  Require(interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                                   &session, &error),
          error);
}

LiveObjects::~LiveObjects() {
  if (TestLibrary().value == 0) {
    return;
  }
  Error error;
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
}

std::string LiveObjects::FreshStore() {
  return directory_.File("store-" + std::to_string(next_name_++) + ".db");
}

std::string LiveObjects::FreshIdentity() { return "server-" + std::to_string(next_name_++); }

interop_sessions_follower LiveObjects::FreshFollower() {
  return FollowerOf(manager, FreshIdentity());
}

interop_sessions_master_options LiveObjects::MasterOptions() {
  store_path_ = FreshStore();
  auto options = Sized<interop_sessions_master_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.listen_address = Text("127.0.0.1:0");
  options.store_path = Text(store_path_);
  options.create_store = 1;
  return options;
}

}  // namespace interop::sessions::tests
