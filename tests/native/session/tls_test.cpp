// TLS between a master and followers of one process, with certificates that OpenSSL's own command has made.

#include <cstdlib>
#include <fstream>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Tls : public SessionTest {
 protected:
  Tls() {
    Run("openssl ecparam -name prime256v1 -genkey -noout -out ca.key");
    options_.insecure = insecure_peers::no;
    Run("openssl req -x509 -new -key ca.key -subj /CN=cluster -days 2 -out ca.pem");
    Issue("master");
    Issue("cs1");
  }

  void Issue(const std::string& name) {
    std::ofstream(directory_.File("names")) << "subjectAltName=DNS:" << name << ",IP:127.0.0.1\n"
                                            << "extendedKeyUsage=serverAuth,clientAuth\n";
    Run("openssl ecparam -name prime256v1 -genkey -noout -out " + name + ".key");
    Run("openssl req -new -key " + name + ".key -subj /CN=" + name + " -out request");
    Run("openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 "
        "-extfile names -out " +
        name + ".pem");
  }

  tls_options Of(const std::string& name) const {
    return {.ca_file = directory_.File("ca.pem"),
            .cert_file = directory_.File(name + ".pem"),
            .key_file = directory_.File(name + ".key")};
  }

  tls_options Nobody() const { return {.ca_file = directory_.File("ca.pem")}; }

  follower_manager ManagerWith(const std::optional<tls_options>& tls) {
    return Must(follower_manager::create(
        library_here(), {.endpoints = {endpoint()},
                         .tls = tls,
                         .insecure = tls ? insecure_peers::no : insecure_peers::loopback}));
  }

 private:
  void Run(const std::string& command) {
    const std::string whole =
        "cd " + directory_.path().string() + " && " + command + " >log 2>&1 || { cat log; false; }";
    ASSERT_EQ(std::system(whole.c_str()), 0) << command;
  }
};

TEST_F(Tls, A_session_is_made_and_renewed_with_certificates_on_both_sides) {
  options_.tls = Of("master");
  options_.term_ms = 1000;
  StartMaster();
  auto followers = ManagerWith(Of("cs1"));
  auto server = Must(followers.create_follower("cs1"));
  const auto created = Must(server.create_session({}));
  EXPECT_TRUE(
      Eventually([&] { return Must(server.current_session()).deadline_ns > created.deadline_ns; }));
  EXPECT_EQ(Must(server.current_session()).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(Tls, Whoever_shows_no_certificate_hears_that_one_is_needed) {
  options_.tls = Of("master");
  StartMaster();
  for (const auto& tls : {std::optional<tls_options>(Nobody()), std::optional<tls_options>()}) {
    auto followers = ManagerWith(tls);
    auto server = Must(followers.create_follower("cs1"));
    const auto refused = server.create_session({});
    EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_UNAUTHENTICATED) << MessageOf(refused);
    EXPECT_NE(MessageOf(refused).find(tls ? "cert_file" : "speaks TLS"), std::string::npos)
        << MessageOf(refused);
  }
}

TEST_F(Tls, A_master_may_serve_clients_without_TLS_besides) {
  options_.tls = Of("master");
  options_.insecure = insecure_peers::loopback;
  StartMaster();
  auto server = Must(manager().create_follower("cs1"));
  EXPECT_TRUE(server.create_session({}));
}

TEST_F(Tls, Options_that_make_no_sense_are_named) {
  const struct {
    tls_options tls;
    const char* named;
  } kCases[] = {
      {{}, "tls.ca_file must be given"},
      {{.ca_file = directory_.File("nowhere")}, "tls.ca_file"},
      {{.ca_file = "/dev/null"}, "no regular file"},
      {{.ca_file = directory_.File("ca.key")}, "no certificate"},
      {{.ca_file = directory_.File("ca.pem"), .cert_file = "x"}, "go together"},
      {{.ca_file = directory_.File("ca.pem"), .minimum_version = "1.1"}, "1.2 or 1.3"},
      {{.ca_file = directory_.File("ca.pem"), .server_name = "a b"}, "tls.server_name"},
      {{.ca_file = directory_.File("ca.pem"), .warning_days = 4000}, "at most 3650"},
  };
  for (const auto& [tls, named] : kCases) {
    const auto refused =
        follower_manager::create(library_here(), {.endpoints = {"127.0.0.1:1"}, .tls = tls});
    EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT) << named;
    EXPECT_NE(MessageOf(refused).find(named), std::string::npos) << MessageOf(refused);
  }
}

TEST_F(Tls, Options_have_a_size_of_their_own) {
  interop_sessions_string endpoint = {"127.0.0.1:1", 11};
  interop_sessions_tls_options tls = {};
  interop_sessions_follower_manager_options options = {};
  options.struct_size = sizeof(options);
  options.endpoints = &endpoint;
  options.endpoint_count = 1;
  options.tls = &tls;
  for (const std::uint32_t size : {0U, 3U, 0xfffffff0U}) {
    tls.struct_size = size;
    interop_sessions_follower_manager made = {};
    interop_sessions_error error = {};
    error.struct_size = sizeof(error);
    EXPECT_EQ(
        interop_sessions_follower_manager_create(library_here().handle(), &options, &made, &error),
        INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_NE(std::string_view(error.message).find("tls"), std::string_view::npos) << error.message;
  }
}

TEST_F(Tls, Where_connections_without_it_come_from_is_one_of_three) {
  interop_sessions_string address = {"127.0.0.1:0", 11};
  interop_sessions_master_options options = {};
  options.struct_size = sizeof(options);
  options.listen_address = address;
  options.insecure = 3;
  interop_sessions_master started = {};
  interop_sessions_error error = {};
  error.struct_size = sizeof(error);
  EXPECT_EQ(interop_sessions_master_start(library_here().handle(), &options, &started, &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_NE(std::string_view(error.message).find("insecure"), std::string_view::npos)
      << error.message;
}

}  // namespace
}  // namespace interop::sessions::tests
