#pragma once

#include <cstddef>
#include <interop_sessions/access_manager.hpp>
#include <map>
#include <mutex>

#include "metaserver/meta_server_options.hpp"
#include "metaserver/report_ledger.hpp"
#include "shared/event_log.hpp"

namespace metaserver {

// The meta server's own behaviour in the session layer: whom it lets in, what it grants, what it
// does when a server is gone, and what it makes of the data reports. Runs on the master's hook
// threads.
class AccessManager : public interop::sessions::access_manager {
 public:
  AccessManager(const MetaServerOptions& options, common::EventLog& events)
      : options_(options), events_(events) {}

  interop::sessions::leadership check_leader() override;

  interop::sessions::verdict session_initialize(
      const interop::sessions::session_request& request,
      interop::sessions::session_amendment& amendment) override;

  interop::sessions::verdict session_created(const interop::sessions::session_request& request,
                                             interop::sessions::session_grant& grant) override;

  void session_ended(const interop::sessions::session_request& request,
                     interop::sessions::end_reason reason) override;

  interop::sessions::verdict data_report(const interop::sessions::data_report_view& report,
                                         interop::sessions::report_window& next) override;

  std::size_t DistinctPids(std::string_view identity) const {
    return ledger_.DistinctPids(identity);
  }

  // How many sessions ended so. Any thread.
  std::size_t SessionsEnded(interop::sessions::end_reason reason) const;

 private:
  const MetaServerOptions& options_;
  common::EventLog& events_;
  ReportLedger ledger_;
  mutable std::mutex ended_lock_;
  std::map<interop::sessions::end_reason, std::size_t> ended_;
};

}  // namespace metaserver
