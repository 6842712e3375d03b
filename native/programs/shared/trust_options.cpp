#include "shared/trust_options.hpp"

#include <string_view>

namespace common {
namespace {

interop::sessions::insecure_peers ParsePeers(std::string_view text) {
  if (text == "loopback") {
    return interop::sessions::insecure_peers::loopback;
  }
  if (text == "anywhere") {
    return interop::sessions::insecure_peers::anywhere;
  }
  throw BadOption("'" + std::string(text) + "' is neither loopback nor anywhere");
}

}  // namespace

std::optional<interop::sessions::tls_options> TrustOptions::Tls() const {
  if (files.ca_file.empty() && files.cert_file.empty() && files.key_file.empty()) {
    return std::nullopt;
  }
  return files;
}

void AddTrustOptions(OptionParser& parser, TrustOptions& options) {
  parser.AddText("tls-ca-file", "PATH", "authorities of the other side's certificates",
                 options.files.ca_file);
  parser.AddText("tls-cert-file", "PATH", "certificate of this side", options.files.cert_file);
  parser.AddText("tls-key-file", "PATH", "its private key", options.files.key_file);
  parser.Add("insecure", "WITH", "speak without TLS: loopback, or anywhere",
             [&](std::string_view text) { options.insecure = ParsePeers(text); });
}

}  // namespace common
