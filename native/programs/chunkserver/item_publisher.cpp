#include "chunkserver/item_publisher.hpp"

#include <string>

namespace chunkserver {

using interop::sessions::bytes_of;
using interop::sessions::follower;
using interop::sessions::text_of;

void ItemPublisher::Run(follower& follower, const interop::sessions::session& session,
                        std::stop_token stop) {
  if (!options_.items.empty()) {
    SetItems(follower, session.epoch, stop);
    ListItems(follower, session.epoch, stop);
  }
  if (!options_.removed_items.empty() && !stop.stop_requested()) {
    RemoveItems(follower, session.epoch, stop);
    ListItems(follower, session.epoch, stop);
  }
  if (!stop.stop_requested()) {
    FindNfs(follower, session.epoch, stop);
  }
}

void ItemPublisher::SetItems(follower& follower, std::uint64_t epoch, const std::stop_token& stop) {
  for (const auto& [key, value] : options_.items) {
    if (const auto revision =
            follower.set_item(epoch, key, bytes_of(value), interop::sessions::any_revision, stop)) {
      events_.Print("item set: ", key, "=", value, ", revision ", *revision);
    } else {
      events_.PrintError("item set: " + key, revision.error());
    }
  }
}

void ItemPublisher::RemoveItems(follower& follower, std::uint64_t epoch,
                                const std::stop_token& stop) {
  for (const auto& key : options_.removed_items) {
    if (const auto removed =
            follower.remove_item(epoch, key, interop::sessions::any_revision, stop)) {
      events_.Print("item removed: ", key);
    } else {
      events_.PrintError("item removed: " + key, removed.error());
    }
  }
}

void ItemPublisher::ListItems(const follower& follower, std::uint64_t epoch,
                              const std::stop_token& stop) {
  const auto items = follower.list_items(epoch, {}, stop);
  if (!items) {
    events_.PrintError("items", items.error());
    return;
  }
  std::string list;
  for (const auto& item : *items) {
    list.append(" ").append(item.key).append("=").append(text_of(item.value));
  }
  events_.Print("items listed: ", items->size(), list);
}

void ItemPublisher::FindNfs(const follower& follower, std::uint64_t epoch,
                            const std::stop_token& stop) {
  for (const auto& object : options_.wanted_nfs_objects) {
    const auto found =
        follower.find_access_point(epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, object, stop);
    if (found) {
      events_.Print("NFS access point: ", object, " is at ", found->endpoint, " of ",
                    found->identity);
    } else {
      events_.PrintError("NFS access point: " + object, found.error());
    }
  }
}

}  // namespace chunkserver
