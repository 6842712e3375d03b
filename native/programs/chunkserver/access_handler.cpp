#include "chunkserver/access_handler.hpp"

#include <interop_sessions/names.hpp>
#include <utility>

#include "chunkserver/capabilities.hpp"
#include "chunkserver/may_heal.hpp"
#include "shared/names.hpp"

namespace chunkserver {

using interop::sessions::failure;
using interop::sessions::result;
using interop::sessions::session;
using interop::sessions::to_string;

AccessHandler::AccessHandler(const ChunkServerOptions& options, common::EventLog& events,
                             std::function<void()> gave_up)
    : options_(options),
      events_(events),
      gave_up_(std::move(gave_up)),
      data_reporter_(options, events),
      item_publisher_(options, events),
      report_thread_([this](const session& current, std::stop_token stop) {
        data_reporter_.Run(*follower_, current, std::move(stop));
      }),
      item_thread_([this](const session& current, std::stop_token stop) {
        item_publisher_.Run(*follower_, current, std::move(stop));
      }) {}

result<void> AccessHandler::Start(interop::sessions::follower& follower) {
  follower_ = &follower;
  return CreateSession();
}

void AccessHandler::Stop() {
  report_thread_.Stop();
  item_thread_.Stop();
}

result<void> AccessHandler::CreateSession() {
  events_.Print("step 1/6 AccessHandler executes CreateSession");
  auto started = follower_->create_session(
      {.term_ms = options_.term_ms,
       .capabilities = OfferedCapabilities(),
       .endpoints = OfferedEndpoints()},
      options_.create_timeout_ms,
      [this](const result<session>& outcome) { CreateSessionEnded(outcome); });
  if (!started) {
    return failure(started.error());
  }
  started->detach();  // closing the follower cancels it
  return {};
}

bool AccessHandler::SessionCreatedCb(const session& created) {
  const auto& window = created.report_window;
  events_.Print("SessionCreatedCb: epoch ", created.epoch, ", term_ms ", created.term_ms,
                ", capabilities ", created.capabilities, ", start_pid ", window.start_pid,
                ", report_size ", window.report_size);
  const std::uint64_t needed = OfferedCapabilities() & ~kReportsData;
  const std::uint64_t missing = needed & ~created.capabilities;
  if (missing != 0) {
    events_.Print("session refused: capabilities ", missing, " were not granted");
  }
  return missing == 0;
}

void AccessHandler::CreateSessionEnded(const result<session>& outcome) {
  if (outcome) {
    events_.Print("session created, epoch ", outcome->epoch, ", id ",
                  common::IdText(outcome->session_id));
    {
      const std::lock_guard hold(account_lock_);
      ++account_.created;
      account_.last_created = *outcome;
    }
    report_thread_.Begin(*outcome);
    item_thread_.Begin(*outcome);
    return;
  }
  if (outcome.error().status == INTEROP_SESSIONS_CANCELLED) {
    return;  // this server is being stopped
  }
  events_.PrintError("no session", outcome.error());
  {
    const std::lock_guard hold(account_lock_);
    ++account_.failed;
    account_.last_failure = std::string(outcome.error().name) + ": " + outcome.error().message;
  }
  // Such an attempt has lasted create_timeout_ms, so trying again at once is no busy loop. What
  // trying again does not cure is for whoever watches this process.
  if (MayHeal(outcome.error().status)) {
    CreateSessionOrGiveUp();
  } else {
    gave_up_();
  }
}

void AccessHandler::SessionLost(const session& lost) {
  report_thread_.End();
  item_thread_.End();
  events_.Print("session lost, ", to_string(lost.end_reason), ", epoch ", lost.epoch);
  {
    const std::lock_guard hold(account_lock_);
    ++account_.lost;
    account_.last_lost = lost;
  }
  if (lost.end_reason != INTEROP_SESSIONS_END_CLOSED && !options_.stay_lost) {
    CreateSessionOrGiveUp();
  }
}

void AccessHandler::CreateSessionOrGiveUp() {
  if (const auto started = CreateSession(); !started) {
    events_.PrintError("no session", started.error());
    gave_up_();
  }
}

AccessHandler::Account AccessHandler::Sessions() const {
  const std::lock_guard hold(account_lock_);
  return account_;
}

std::vector<interop::sessions::endpoint> AccessHandler::OfferedEndpoints() const {
  std::vector<interop::sessions::endpoint> offered;
  if (!options_.nfs_endpoint.empty()) {
    offered.push_back({INTEROP_SESSIONS_ACCESS_POINT_NFS, options_.nfs_endpoint});
  }
  if (!options_.iscsi_endpoint.empty()) {
    offered.push_back({INTEROP_SESSIONS_ACCESS_POINT_ISCSI, options_.iscsi_endpoint});
  }
  return offered;
}

std::uint64_t AccessHandler::OfferedCapabilities() const {
  return (options_.nfs_endpoint.empty() ? 0 : kServesNfs) |
         (options_.iscsi_endpoint.empty() ? 0 : kServesIscsi) | kReportsData;
}

}  // namespace chunkserver
