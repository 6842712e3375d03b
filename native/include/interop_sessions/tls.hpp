// tls_options: who one side of a connection is, and whom it trusts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detail/conversions.hpp"

INTEROP_SESSIONS_BEGIN

// Files of PEM, which are read again while they are in use; empty texts and 0 are the defaults. The C header
// says what each is for.
struct tls_options {
  std::string ca_file = {};
  std::string cert_file = {};
  std::string key_file = {};
  std::string server_name = {};
  std::string minimum_version = {};  // "1.2" or "1.3"
  std::uint32_t warning_days = 0;
};

// With whom connections without TLS are allowed; the C header says what that means.
enum class insecure_peers : std::uint32_t {
  no = INTEROP_SESSIONS_INSECURE_NO,
  loopback = INTEROP_SESSIONS_INSECURE_LOOPBACK,
  anywhere = INTEROP_SESSIONS_INSECURE_ANYWHERE,
};

namespace detail {

// What C is given of TLS: views of the options, which must outlive it; NULL where there are none.
class tls_view {
 public:
  explicit tls_view(const std::optional<tls_options>& options) noexcept {
    if (options) {
      has_ = true;
      view_ = {.struct_size = sizeof(interop_sessions_tls_options),
               .warning_days = options->warning_days,
               .ca_file = to_c(std::string_view(options->ca_file)),
               .cert_file = to_c(std::string_view(options->cert_file)),
               .key_file = to_c(std::string_view(options->key_file)),
               .server_name = to_c(std::string_view(options->server_name)),
               .minimum_version = to_c(std::string_view(options->minimum_version))};
    }
  }

  [[nodiscard]] const interop_sessions_tls_options* get() const noexcept {
    return has_ ? &view_ : nullptr;
  }

 private:
  bool has_ = false;
  interop_sessions_tls_options view_{};
};

}  // namespace detail

INTEROP_SESSIONS_END
