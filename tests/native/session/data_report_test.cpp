// The data report: window by window over the pids, and around again.

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

constexpr std::uint64_t kPids = 100;  // the master's space: pids 0 to 99
constexpr std::uint32_t kWindow = 40;

/// What the master was told.
struct Report {
  std::string identity;
  report_window window;
  std::vector<std::uint64_t> pids;
};

class DataReport : public SessionTest {
 protected:
  void SetUp() override {
    hooks().on_session_created = [](const auto&, session_grant& grant) {
      grant.report_window = {.start_pid = 0, .report_size = kWindow};
      return verdict::accept();
    };
    hooks().on_data_report = [reports = reports_](const data_report_view& report,
                                                  report_window& next) {
      reports->Add(
          {std::string(report.identity), report.window, {report.pids.begin(), report.pids.end()}});
      const std::uint64_t end = report.window.start_pid + report.window.report_size;
      next.start_pid = end >= kPids ? 0 : end;
      next.report_size =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(kWindow, kPids - next.start_pid));
      return verdict::accept();
    };
    StartMaster();
  }

  const std::shared_ptr<History<Report>> reports_ = std::make_shared<History<Report>>();
};

TEST_F(DataReport, Goes_window_by_window_and_wraps) {
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  report_window window = created.report_window;
  std::vector<std::uint64_t> starts;
  for (int i = 0; i < 5; i++) {
    starts.push_back(window.start_pid);
    const std::vector<std::uint64_t> pids = {window.start_pid,
                                             window.start_pid + window.report_size - 1};
    window = Must(server->report_data(created.epoch, window, pids));
  }
  EXPECT_EQ(starts, (std::vector<std::uint64_t>{0, 40, 80, 0, 40}));
  const std::vector<Report> told = reports_->All();
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[2].window.report_size, 20U);
  EXPECT_EQ(told[2].pids, (std::vector<std::uint64_t>{80, 99}));
  EXPECT_EQ(told[2].identity, "server");
}

TEST_F(DataReport, May_come_in_any_order_and_be_empty) {
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  const std::vector<std::uint64_t> unsorted = {33, 1, 17};
  Must(server->report_data(created.epoch, {0, kWindow}, unsorted));
  Must(server->report_data(created.epoch, {40, kWindow}, {}));
  const std::vector<Report> told = reports_->All();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].pids, unsorted);
  EXPECT_TRUE(told[1].pids.empty());
}

TEST_F(DataReport, Carries_65536_pids) {
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  std::vector<std::uint64_t> pids(65536);
  for (std::uint64_t i = 0; i < pids.size(); i++) {
    pids[i] = (1ULL << 40) + i;
  }
  Must(server->report_data(created.epoch, {1ULL << 40, 65536}, pids));
  EXPECT_EQ(reports_->All()[0].pids, pids);
}

TEST_F(DataReport, Of_another_epoch_or_without_a_session_is_refused) {
  WatchedFollower server(manager(), "server");
  EXPECT_EQ(StatusOf(server->report_data(1, {0, kWindow}, {})), INTEROP_SESSIONS_NO_SESSION);
  const session created = server.Create();
  EXPECT_EQ(StatusOf(server->report_data(created.epoch + 1, {0, kWindow}, {})),
            INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_TRUE(reports_->All().empty());
}

class RefusedDataReport : public SessionTest {};

TEST_F(RefusedDataReport, Tells_the_reason) {
  hooks().on_data_report = [](const auto&, auto&) {
    return verdict::refuse("the catalogue is read-only");
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  const auto refused = server->report_data(created.epoch, {0, kWindow}, {});
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REPORT_REFUSED);
  EXPECT_TRUE(Mentions(refused, "the catalogue is read-only")) << MessageOf(refused);
}

TEST_F(RefusedDataReport, Is_the_answer_of_a_master_without_the_hook) {
  const master plain =
      Must(master::start(library_here(), {.listen_address = "127.0.0.1:0",
                                          .store_path = directory_.File("plain.db"),
                                          .create_store = true,
                                          .insecure = insecure_peers::loopback}));
  follower_manager at_plain = ManagerAt("127.0.0.1:" + std::to_string(Must(plain.port())));
  WatchedFollower server(at_plain, "server");
  const session created = server.Create();
  const auto refused = server->report_data(created.epoch, {0, kWindow}, {});
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REPORT_REFUSED) << MessageOf(refused);
}

}  // namespace
}  // namespace interop::sessions::tests
