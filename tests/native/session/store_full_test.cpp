// A store at its limit refuses changes, keeps sessions alive, and recovers.

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

constexpr size_t kValueBytes = 32 * 1024;

class StoreFull : public SessionTest {
 protected:
  void SetUp() override {
    options_.store_max_bytes = 512 * 1024;
    StartMaster();
    server_.emplace(manager(), "server");
    held_ = server_->Create();
  }

  void TearDown() override { server_.reset(); }

  /// Sets items until the store is full; answers how many fitted.
  int Fill() {
    for (int i = 0; i < 100; i++) {
      const auto set = Set(i);
      if (!set) {
        EXPECT_EQ(StatusOf(set), INTEROP_SESSIONS_STORE_FULL) << MessageOf(set);
        EXPECT_NE(set.error().message, "");
        return i;
      }
    }
    return 100;
  }

  result<std::uint64_t> Set(int i) {
    return (*server_)->set_item(held_.epoch, "key-" + std::to_string(i),
                                bytes_of(std::string(kValueBytes, 'x')));
  }

  std::optional<WatchedFollower> server_;
  session held_;
};

TEST_F(StoreFull, Refuses_changes_and_loses_nothing) {
  const int fitted = Fill();
  ASSERT_GT(fitted, 3);
  ASSERT_LT(fitted, 32);
  EXPECT_EQ(Must((*server_)->list_items(held_.epoch)).size(), static_cast<size_t>(fitted));
  EXPECT_EQ(StatusOf((*server_)->get_item(held_.epoch, "key-" + std::to_string(fitted))),
            INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(StoreFull, Keeps_sessions_alive) {
  Fill();
  const std::int64_t before_ns = Must((*server_)->current_session()).deadline_ns;
  EXPECT_TRUE(Eventually([&] {
    return Must((*server_)->current_session()).deadline_ns >
           before_ns + options_.term_ms * 1000000LL;
  }));
  EXPECT_EQ(server_->CountOf("state SUSPECT"), 0U);
}

TEST_F(StoreFull, Takes_changes_again_when_there_is_room) {
  const int fitted = Fill();
  Must((*server_)->remove_item(held_.epoch, "key-0"));
  Must((*server_)->remove_item(held_.epoch, "key-1"));
  EXPECT_EQ(StatusOf(Set(fitted)), INTEROP_SESSIONS_OK);
}

TEST_F(StoreFull, Can_still_end_sessions) {
  Fill();
  Must((*server_)->close());
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_EQ(RowOf("server"), std::nullopt);
}

}  // namespace
}  // namespace interop::sessions::tests
