#pragma once

#include <interop_sessions/tls.hpp>
#include <optional>
#include <string>

#include "shared/option_parser.hpp"

namespace common {

// How a program makes sure of the other side: with the files of TLS, or without TLS where that is said.
struct TrustOptions {
  interop::sessions::tls_options files;
  interop::sessions::insecure_peers insecure = interop::sessions::insecure_peers::no;

  // Empty: no file is named, so no TLS is spoken.
  [[nodiscard]] std::optional<interop::sessions::tls_options> Tls() const;
};

void AddTrustOptions(OptionParser& parser, TrustOptions& options);

}  // namespace common
