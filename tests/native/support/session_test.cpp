#include "support/session_test.h"

namespace interop::sessions::tests {

SessionTest::SessionTest() {
  options_.listen_address = "127.0.0.1:0";
  options_.store_path = directory_.File("store.db");
  options_.create_store = true;
  options_.insecure = insecure_peers::loopback;
  options_.min_term_ms = 200;
  options_.term_ms = ScaledMs(2000);
  options_.max_term_ms = ScaledMs(3000);
  library_.emplace(Must(library::initialize({
      .log =
          [this](const log_record& record) {
            log_.Add({std::string(record.message()), std::string(record.field("step").value_or("")),
                      std::string(record.field("identity").value_or(""))});
          },
      .log_level = INTEROP_SESSIONS_LOG_DEBUG,
      .callback_failed =
          [this](std::string_view callback, const std::exception_ptr&) {
            failed_callbacks_.Add(std::string(callback));
          },
  })));
}

void SessionTest::StartMaster() {
  if (port_ != 0) {
    options_.listen_address = endpoint();
  }
  master_.emplace(Must(master::start(*library_, options_, hooks_)));
  port_ = Must(master_->port());
}

void SessionTest::StopMaster() {
  Must(master_->stop());
  master_.reset();
}

follower_manager& SessionTest::manager() {
  if (!manager_) {
    manager_.emplace(ManagerAt(endpoint()));
  }
  return *manager_;
}

follower_manager SessionTest::ManagerAt(const std::string& endpoint,
                                        std::uint32_t effect_delay_ms) {
  return Must(follower_manager::create(*library_, {.endpoints = {endpoint},
                                                   .effect_delay_ms = effect_delay_ms,
                                                   .insecure = insecure_peers::loopback}));
}

std::optional<session_row> SessionTest::RowOf(const std::string& identity) {
  for (session_row& row : Must(master_->list_sessions()).rows) {
    if (row.request.identity == identity) {
      return std::move(row);
    }
  }
  return std::nullopt;
}

}  // namespace interop::sessions::tests
