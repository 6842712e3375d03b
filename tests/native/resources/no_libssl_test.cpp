// A machine without OpenSSL: sessions are made and kept, and only what asks for TLS is refused.

#include <dlfcn.h>

#include <atomic>
#include <cstring>

#include "abi/live_objects.h"

namespace {

/// How often this process asked for OpenSSL, which is never there.
std::atomic<int> refused = 0;

}  // namespace

/// In place of the C library's, for the library too.
extern "C" __attribute__((visibility("default"))) void* dlopen(const char* name, int flags) {
  static const auto next = reinterpret_cast<decltype(&dlopen)>(dlsym(RTLD_NEXT, "dlopen"));
  if (name != nullptr && std::strstr(name, "libssl") != nullptr) {
    refused++;
    return next("/nowhere/libssl.so.3", flags);
  }
  return next(name, flags);
}

namespace interop::sessions::tests {
namespace {

TEST(NoLibssl, A_session_needs_none) {
  const LiveObjects objects;
  EXPECT_EQ(objects.session.state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST(NoLibssl, What_asks_for_TLS_is_unsupported) {
  LiveObjects objects;
  auto tls = Sized<interop_sessions_tls_options>();
  tls.ca_file = Text("/ca.pem");
  tls.cert_file = Text("/server.pem");
  tls.key_file = Text("/server.key");
  const interop_sessions_string endpoint = Text(objects.endpoint);
  auto manager_options = Sized<interop_sessions_follower_manager_options>();
  manager_options.endpoints = &endpoint;
  manager_options.endpoint_count = 1;
  manager_options.tls = &tls;
  interop_sessions_follower_manager manager = {};
  Error error;
  EXPECT_EQ(
      interop_sessions_follower_manager_create(TestLibrary(), &manager_options, &manager, &error),
      INTEROP_SESSIONS_UNSUPPORTED)
      << error.message;
  EXPECT_TRUE(error.Mentions("libssl")) << error.message;
  auto master_options = objects.MasterOptions();
  master_options.tls = &tls;
  interop_sessions_master master = {};
  EXPECT_EQ(interop_sessions_master_start(TestLibrary(), &master_options, &master, &error),
            INTEROP_SESSIONS_UNSUPPORTED)
      << error.message;
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace interop::sessions::tests
