// The small facts that a session carries.

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

std::vector<std::string> KeysOf(const std::vector<item>& items) {
  std::vector<std::string> keys;
  for (const item& each : items) {
    keys.push_back(each.key);
  }
  return keys;
}

class Items : public SessionTest {
 protected:
  void SetUp() override {
    options_.max_items_per_session = 8;
    options_.max_item_bytes = 100;
    options_.max_session_bytes = 300;
    StartMaster();
    server_.emplace(manager(), "server");
    epoch_ = server_->Create().epoch;
  }

  void TearDown() override { server_.reset(); }

  follower& server() { return **server_; }

  result<std::uint64_t> Set(std::string_view key, std::string_view value,
                            std::uint64_t compare = any_revision) {
    return server().set_item(epoch_, key, bytes_of(value), compare);
  }

  std::optional<WatchedFollower> server_;
  std::uint64_t epoch_ = 0;
};

TEST_F(Items, What_was_set_is_got_with_its_revision) {
  const std::uint64_t revision = Must(Set("disk/1", "healthy"));
  const item got = Must(server().get_item(epoch_, "disk/1"));
  EXPECT_EQ(got.key, "disk/1");
  EXPECT_EQ(text_of(got.value), "healthy");
  EXPECT_EQ(got.revision, revision);
}

TEST_F(Items, Revisions_grow_with_every_change) {
  const std::uint64_t first = Must(Set("a", "1"));
  const std::uint64_t second = Must(Set("b", "1"));
  const std::uint64_t third = Must(Set("a", "2"));
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST_F(Items, A_value_may_be_empty_or_any_bytes) {
  using namespace std::string_view_literals;
  Must(Set("empty", ""));
  EXPECT_TRUE(Must(server().get_item(epoch_, "empty")).value.empty());
  Must(Set("binary", "\0\xff\xfe\0"sv));
  EXPECT_EQ(text_of(Must(server().get_item(epoch_, "binary")).value), "\0\xff\xfe\0"sv);
}

TEST_F(Items, A_list_has_those_of_a_prefix_in_byte_order) {
  for (const char* key : {"disk/2", "disk/10", "rack", "disk/\xc3\xa4", "disk"}) {
    Must(Set(key, "x"));
  }
  EXPECT_EQ(KeysOf(Must(server().list_items(epoch_, "disk/"))),
            (std::vector<std::string>{"disk/10", "disk/2", "disk/\xc3\xa4"}));
  EXPECT_EQ(KeysOf(Must(server().list_items(epoch_))),
            (std::vector<std::string>{"disk", "disk/10", "disk/2", "disk/\xc3\xa4", "rack"}));
  EXPECT_TRUE(Must(server().list_items(epoch_, "nothing")).empty());
}

TEST_F(Items, The_master_lists_them_too) {
  Must(Set("disk/1", "healthy"));
  const std::uint64_t session_id = RowOf("server")->info.session_id;
  const std::vector<item> listed = Must(master_here().list_items(session_id, "disk"));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(text_of(listed[0].value), "healthy");
  EXPECT_EQ(StatusOf(master_here().list_items(session_id + 1)), INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_EQ(text_of(Must(master_here().get_item(session_id, "disk/1")).value), "healthy");
  EXPECT_EQ(StatusOf(master_here().get_item(session_id, "disk")), INTEROP_SESSIONS_ITEM_NOT_FOUND);
  EXPECT_EQ(StatusOf(master_here().get_item(session_id + 1, "disk/1")),
            INTEROP_SESSIONS_UNKNOWN_SESSION);
}

TEST_F(Items, Of_a_session_that_the_master_finds_by_id_and_by_identity_are_counted_with_it) {
  const session_row found = Must(master_here().find_session("server"));
  EXPECT_EQ(found.info.epoch, epoch_);
  EXPECT_EQ(found.request.identity, "server");
  const session_row same = Must(master_here().get_session(found.info.session_id));
  EXPECT_EQ(same.info.epoch, epoch_);
  EXPECT_EQ(same.request.host_name, found.request.host_name);
  EXPECT_EQ(Must(master_here().count_sessions()), 1U);
  EXPECT_EQ(StatusOf(master_here().find_session("nobody")), INTEROP_SESSIONS_UNKNOWN_SESSION);

  Must(master_here().revoke_session(found.info.session_id, epoch_, "test"));
  ASSERT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
  EXPECT_EQ(StatusOf(master_here().get_session(found.info.session_id)),
            INTEROP_SESSIONS_SESSION_REVOKED);
  EXPECT_EQ(Must(master_here().count_sessions()), 0U);
}

TEST_F(Items, What_was_removed_is_not_found) {
  Must(Set("key", "value"));
  Must(server().remove_item(epoch_, "key"));
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "key")), INTEROP_SESSIONS_ITEM_NOT_FOUND);
  const auto again = server().remove_item(epoch_, "key");
  EXPECT_EQ(StatusOf(again), INTEROP_SESSIONS_ITEM_NOT_FOUND);
  EXPECT_TRUE(Mentions(again, "key")) << MessageOf(again);
}

TEST_F(Items, A_compared_revision_guards_a_set) {
  const std::uint64_t first = Must(Set("key", "1", 0));
  EXPECT_EQ(StatusOf(Set("key", "2", 0)), INTEROP_SESSIONS_REVISION_MISMATCH);
  const std::uint64_t second = Must(Set("key", "2", first));
  const auto late = Set("key", "3", first);
  EXPECT_EQ(StatusOf(late), INTEROP_SESSIONS_REVISION_MISMATCH);
  EXPECT_TRUE(Mentions(late, std::to_string(second))) << MessageOf(late);
  EXPECT_EQ(text_of(Must(server().get_item(epoch_, "key")).value), "2");
  EXPECT_EQ(StatusOf(Set("missing", "1", second)), INTEROP_SESSIONS_REVISION_MISMATCH);
}

TEST_F(Items, A_compared_revision_guards_a_remove) {
  const std::uint64_t first = Must(Set("key", "1"));
  const std::uint64_t second = Must(Set("key", "2"));
  EXPECT_EQ(StatusOf(server().remove_item(epoch_, "key", first)),
            INTEROP_SESSIONS_REVISION_MISMATCH);
  EXPECT_EQ(StatusOf(server().remove_item(epoch_, "key", second)), INTEROP_SESSIONS_OK);
}

TEST_F(Items, Too_large_a_value_is_refused_with_the_limit) {
  const auto refused = Set("key", std::string(101, 'x'));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_ITEM_TOO_LARGE);
  EXPECT_TRUE(Mentions(refused, "101") && Mentions(refused, "100")) << MessageOf(refused);
  EXPECT_EQ(StatusOf(Set("key", std::string(100, 'x'))), INTEROP_SESSIONS_OK);
}

TEST_F(Items, Too_large_for_any_master_is_refused_here) {
  const auto refused = Set("key", std::string((1U << 20) + 1, 'x'));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_ITEM_TOO_LARGE);
  EXPECT_TRUE(Mentions(refused, "1048576")) << MessageOf(refused);
}

TEST_F(Items, Too_many_are_refused_with_the_limit) {
  for (int i = 0; i < 8; i++) {
    Must(Set("key-" + std::to_string(i), "x"));
  }
  const auto refused = Set("key-8", "x");
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_TOO_MANY_ITEMS);
  EXPECT_TRUE(Mentions(refused, "8")) << MessageOf(refused);
  EXPECT_EQ(StatusOf(Set("key-0", "y")), INTEROP_SESSIONS_OK);
}

TEST_F(Items, Too_many_bytes_are_refused_with_the_limit) {
  for (int i = 0; i < 3; i++) {
    Must(Set("k" + std::to_string(i), std::string(96, 'x')));
  }
  const auto refused = Set("k3", std::string(96, 'x'));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_TOO_MANY_ITEMS);
  EXPECT_TRUE(Mentions(refused, "300")) << MessageOf(refused);
  Must(server().remove_item(epoch_, "k0"));
  EXPECT_EQ(StatusOf(Set("k3", std::string(96, 'x'))), INTEROP_SESSIONS_OK);
}

TEST_F(Items, Reserved_keys_are_refused) {
  const auto refused = Set("$tags", "x");
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_RESERVED_KEY);
  EXPECT_TRUE(Mentions(refused, "$")) << MessageOf(refused);
  EXPECT_EQ(StatusOf(server().remove_item(epoch_, "$tags")), INTEROP_SESSIONS_RESERVED_KEY);
}

TEST_F(Items, Of_another_epoch_are_refused) {
  EXPECT_EQ(StatusOf(server().set_item(epoch_ + 1, "key", {})), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(server().get_item(epoch_ - 1, "key")), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(server().remove_item(0, "key")), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(server().list_items(epoch_ + 1)), INTEROP_SESSIONS_WRONG_EPOCH);
}

TEST_F(Items, Without_a_session_are_refused) {
  WatchedFollower idle(manager(), "idle");
  EXPECT_EQ(StatusOf(idle->set_item(epoch_, "key", {})), INTEROP_SESSIONS_NO_SESSION);
  EXPECT_EQ(StatusOf(idle->list_items(epoch_)), INTEROP_SESSIONS_NO_SESSION);
}

TEST_F(Items, Change_together_with_one_revision_or_not_at_all) {
  const std::uint64_t rack = Must(Set("rack", "r1"));
  const std::uint64_t revision = Must(server().apply_items(
      epoch_, {item_change::set("zone", bytes_of("z"), 0), item_change::remove("rack", rack),
               item_change::check("disk", 0), item_change::set("host", {})}));
  EXPECT_GT(revision, rack);
  const std::vector<item> listed = Must(server().list_items(epoch_));
  EXPECT_EQ(KeysOf(listed), (std::vector<std::string>{"host", "zone"}));
  EXPECT_EQ(listed[0].revision, revision);
  EXPECT_EQ(listed[1].revision, revision);

  const auto refused = server().apply_items(
      epoch_, {item_change::set("disk", {}), item_change::check("zone", revision - 1)});
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REVISION_MISMATCH);
  EXPECT_TRUE(Mentions(refused, "changes[1]") && Mentions(refused, "'zone'")) << MessageOf(refused);
  EXPECT_EQ(KeysOf(Must(server().list_items(epoch_))), (std::vector<std::string>{"host", "zone"}));
  EXPECT_EQ(StatusOf(server().apply_items(epoch_ + 1, {item_change::remove("zone")})),
            INTEROP_SESSIONS_WRONG_EPOCH);
}

TEST_F(Items, Come_with_a_create_and_its_hooks_see_them) {
  WatchedFollower other(manager(), "other");
  const session made = other.Create(
      {.items = {{.key = "zone", .value = {}}, {.key = "rack", .value = {std::byte{'7'}}}}});
  const std::vector<item> listed = Must(other->list_items(made.epoch));
  EXPECT_EQ(KeysOf(listed), (std::vector<std::string>{"rack", "zone"}));
  EXPECT_EQ(text_of(listed[0].value), "7");
  EXPECT_EQ(listed[0].revision, made.epoch);
  for (const HookCall& call : hooks().calls.All()) {
    if (call.request.identity == "other") {
      EXPECT_EQ(KeysOf(call.request.items), (std::vector<std::string>{"zone", "rack"}))
          << call.hook;
    }
  }
  EXPECT_EQ(hooks().CountOf("session_created", "other"), 1U);
  EXPECT_TRUE(RowOf("other")->request.items.empty());

  WatchedFollower third(manager(), "third");
  const auto refused = third->create_session({.items = {{.key = "$rack", .value = {}}}});
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_RESERVED_KEY);
  EXPECT_TRUE(Mentions(refused, "items[0]")) << MessageOf(refused);
  EXPECT_EQ(RowOf("third"), std::nullopt);
}

TEST_F(Items, Are_gone_with_their_session) {
  Must(Set("key", "value"));
  const session lost = Must(server().current_session());
  Must(master_here().revoke_session(lost.session_id, lost.epoch, "test"));
  ASSERT_TRUE(server_->WaitFor("lost REVOKED", lost.epoch));
  EXPECT_EQ(StatusOf(server().get_item(epoch_, "key")), INTEROP_SESSIONS_NO_SESSION);
  const session next = server_->Create();
  EXPECT_TRUE(Must(server().list_items(next.epoch)).empty());
}

TEST_F(Items, Survive_a_restart_of_the_master_with_their_revisions) {
  const std::uint64_t revision = Must(Set("key", "value"));
  StopMaster();
  StartMaster();
  ASSERT_TRUE(Eventually([&] { return server().get_item(epoch_, "key").has_value(); }));
  const item kept = Must(server().get_item(epoch_, "key"));
  EXPECT_EQ(text_of(kept.value), "value");
  EXPECT_EQ(kept.revision, revision);
  EXPECT_GT(Must(Set("key", "newer")), revision);
}

TEST_F(Items, Can_be_set_from_inside_a_callback) {
  Journal outcome;
  follower* self = nullptr;
  WatchedFollower other(
      manager(), "other", {.state_changed = [&](const session& info) {
        outcome.Add(MessageOf(self->set_item(info.epoch, "from", bytes_of("callback"))));
      }});
  self = &*other;
  other.Create();
  ASSERT_TRUE(outcome.Wait([](const auto&) { return true; }));
  EXPECT_EQ(outcome.All()[0], "");
}

}  // namespace
}  // namespace interop::sessions::tests
