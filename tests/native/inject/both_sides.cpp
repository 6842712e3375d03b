#include "inject/both_sides.h"

#include <chrono>
#include <functional>
#include <thread>

#include "inject/checked.h"
#include "support/c_values.h"

namespace interop::sessions::tests {

namespace {

bool Within(uint32_t within_ms, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(within_ms);
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace

void CountRecord(void* user_data, const interop_sessions_log_record* record) {
  if (record->level >= INTEROP_SESSIONS_LOG_WARNING) {
    Say("log " + std::to_string(record->event_id) + ": " + String(record->message).substr(0, 300));
  }
  static_cast<std::atomic<int>*>(user_data)->fetch_add(1);
}

interop_sessions_status Master::Start(const std::string& store, uint16_t port,
                                      interop_sessions_error* error) {
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = this;
  hooks.session_created = [](void* self, const interop_sessions_session_request*,
                             interop_sessions_session_grant*,
                             interop_sessions_verdict*) { static_cast<Master*>(self)->created++; };
  hooks.session_ended = [](void* self, const interop_sessions_session_request*,
                           const interop_sessions_session_end*) {
    static_cast<Master*>(self)->expired++;
  };
  auto options = Sized<interop_sessions_master_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  const std::string address = "127.0.0.1:" + std::to_string(port);
  options.listen_address = Text(address);
  options.store_path = Text(store);
  options.access_manager = &hooks;
  options.min_term_ms = 200;
  options.max_item_bytes = kLargeItem;
  options.max_session_bytes = 2 * kLargeItem;
  options.create_store = 1;
  return interop_sessions_master_start(TestLibrary(), &options, &handle_, error);
}

interop_sessions_status Master::Stop(interop_sessions_error* error) {
  const interop_sessions_status status = interop_sessions_master_stop(handle_, 0, error);
  if (status == INTEROP_SESSIONS_OK) {
    handle_ = {};
  }
  return status;
}

interop_sessions_status Follower::Make(interop_sessions_follower_manager manager,
                                       interop_sessions_error* error) {
  auto callbacks = Sized<interop_sessions_follower_callbacks>();
  callbacks.user_data = this;
  callbacks.session_created = [](void* self, const interop_sessions_session_info*,
                                 interop_sessions_verdict*) {
    static_cast<Follower*>(self)->created_++;
  };
  callbacks.session_lost = [](void* self, const interop_sessions_session_info*,
                              const interop_sessions_session_end*) {
    static_cast<Follower*>(self)->lost_++;
  };
  callbacks.state_changed = [](void* self, const interop_sessions_session_info*) {
    static_cast<Follower*>(self)->told_++;
  };
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text(identity_);
  options.callbacks = &callbacks;
  return interop_sessions_follower_create(manager, &options, &handle_, error);
}

interop_sessions_status Follower::Create(uint32_t term_ms, interop_sessions_error* error) {
  auto description = Sized<interop_sessions_server_description>();
  description.term_ms = term_ms;
  auto endpoint = Sized<interop_sessions_endpoint>();
  endpoint.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
  endpoint.address = Text("127.0.0.1:2049");
  description.endpoints = &endpoint;
  description.endpoint_count = 1;
  auto session = Sized<interop_sessions_session_info>();
  const interop_sessions_status status = interop_sessions_follower_create_session(
      handle_, &description, Within(TimeoutMs()), &session, error);
  if (status == INTEROP_SESSIONS_OK) {
    session_ = session;
    acknowledged_.clear();
    unknown_.clear();
  }
  return status;
}

void Follower::Acknowledge(interop_sessions_status status, const std::string& key,
                           const std::optional<std::string>& value) {
  switch (status) {
    case INTEROP_SESSIONS_OK:
      acknowledged_[key] = value;
      unknown_.erase(key);
      break;
    case INTEROP_SESSIONS_NOT_LEADER:
    case INTEROP_SESSIONS_OVERLOADED:
    case INTEROP_SESSIONS_OUT_OF_RESOURCES:
    case INTEROP_SESSIONS_STORE_FULL:
    case INTEROP_SESSIONS_STORE_READ_ONLY:
    case INTEROP_SESSIONS_STORE_FAILED:
      // Nothing was done: what was there is there, and nothing else is.
      if (!unknown_.contains(key)) {
        acknowledged_.try_emplace(key, std::nullopt);
      }
      break;
    default:
      acknowledged_.erase(key);
      unknown_.insert(key);
      break;
  }
}

interop_sessions_status Follower::Set(const std::string& key, const std::string& value,
                                      interop_sessions_error* error) {
  uint64_t revision = 0;
  const interop_sessions_status status = interop_sessions_follower_set_item(
      handle_, session_.epoch, Text(key), Bytes(value), INTEROP_SESSIONS_ANY_REVISION,
      Within(TimeoutMs()), &revision, error);
  Acknowledge(status, key, value);
  return status;
}

interop_sessions_status Follower::SetAsync(const std::string& key, const std::string& value,
                                           interop_sessions_error* error) {
  struct Answer {
    std::atomic<int> count = 0;
    std::atomic<interop_sessions_status> status = INTEROP_SESSIONS_OK;
  };
  // Left behind if the answer never comes: it may still come.
  auto* answer = new Answer;
  interop_sessions_operation operation = {};
  const interop_sessions_status begun = interop_sessions_follower_set_item_async(
      handle_, session_.epoch, Text(key), Bytes(value), INTEROP_SESSIONS_ANY_REVISION,
      Within(TimeoutMs()),
      [](void* data, interop_sessions_status status, const interop_sessions_error*, uint64_t) {
        static_cast<Answer*>(data)->status = status;
        static_cast<Answer*>(data)->count++;
      },
      answer, nullptr, &operation, error);
  if (begun != INTEROP_SESSIONS_OK) {
    delete answer;
    return begun;
  }
  if (!Within(20'000, [&] { return answer->count > 0; })) {
    Break("an asynchronous call was begun, and its completion never ran");
    return INTEROP_SESSIONS_TIMED_OUT;
  }
  const auto status = static_cast<interop_sessions_status>(answer->status.load());
  Acknowledge(status, key, value);
  delete answer;
  return status;
}

interop_sessions_status Follower::Get(const std::string& key, interop_sessions_error* error) {
  interop_sessions_item* item = nullptr;
  const interop_sessions_status status = interop_sessions_follower_get_item(
      handle_, session_.epoch, Text(key), Within(TimeoutMs()), &item, error);
  if (status == INTEROP_SESSIONS_OK) {
    const auto known = acknowledged_.find(key);
    if (known != acknowledged_.end() && known->second != String(item->value)) {
      Break("item " + key + " is not what was acknowledged");
    }
    interop_sessions_free(item);
  } else if (status == INTEROP_SESSIONS_ITEM_NOT_FOUND) {
    if (acknowledged_.contains(key) && acknowledged_.at(key).has_value()) {
      Break("item " + key + " was acknowledged, and is not there");
    }
    return INTEROP_SESSIONS_OK;
  }
  return status;
}

interop_sessions_status Follower::Remove(const std::string& key, interop_sessions_error* error) {
  const interop_sessions_status status = interop_sessions_follower_remove_item(
      handle_, session_.epoch, Text(key), INTEROP_SESSIONS_ANY_REVISION, Within(TimeoutMs()),
      error);
  const auto known = acknowledged_.find(key);
  const bool was_there = known != acknowledged_.end() && known->second.has_value();
  Acknowledge(status, key, std::nullopt);
  return status == INTEROP_SESSIONS_ITEM_NOT_FOUND && !was_there ? INTEROP_SESSIONS_OK : status;
}

interop_sessions_status Follower::Health(uint32_t for_ms, interop_sessions_error* error) {
  return interop_sessions_follower_report_health(handle_, for_ms, error);
}

interop_sessions_status Follower::Close(interop_sessions_error* error) {
  const interop_sessions_status status = interop_sessions_follower_close(handle_, 0, error);
  if (status == INTEROP_SESSIONS_OK) {
    handle_ = {};
  }
  return status;
}

interop_sessions_status Follower::CloseAsync(interop_sessions_error* error) {
  const interop_sessions_status status = interop_sessions_follower_close_async(
      handle_, [](void* self) { static_cast<Follower*>(self)->closed_++; }, this, nullptr, error);
  if (status == INTEROP_SESSIONS_OK) {
    handle_ = {};
    if (!Within(20'000, [this] { return closed_ > 0; })) {
      Break("an asynchronous close was begun, and its callback never ran");
    }
  }
  return status;
}

bool Follower::WaitForLoss(uint32_t within_ms) const {
  return Within(within_ms, [this] { return lost_ >= created_; });
}

bool Follower::Refuses() const {
  const interop_sessions_lease* lease = nullptr;
  Error error;
  return interop_sessions_follower_lease(handle_, &lease, &error) == INTEROP_SESSIONS_OK &&
         interop_sessions_lease_valid(lease, session_.epoch) == 0;
}

void Follower::CheckTold() const {
  if (lost_ != created_) {
    Break(identity_ + " was told of " + std::to_string(created_) +
          " sessions, and of the loss of " + std::to_string(lost_));
  }
}

void Follower::CheckStored(interop_sessions_master master) const {
  if (session_.session_id == 0) {
    return;
  }
  interop_sessions_item_page* page = nullptr;
  if (!tests::Must("list what is stored", [&](auto* error) {
        return interop_sessions_master_list_items(master, session_.session_id, Text(""), &page,
                                                  error);
      })) {
    return;
  }
  std::map<std::string, std::string> stored;
  for (uint32_t i = 0; i < page->item_count; i++) {
    const interop_sessions_item* item = interop_sessions_item_page_item(page, i);
    stored[String(item->key)] = String(item->value);
  }
  interop_sessions_free(page);
  for (const auto& [key, value] : acknowledged_) {
    const auto found = stored.find(key);
    if (value.has_value() ? found == stored.end() || found->second != *value
                          : found != stored.end()) {
      Break("item " + key +
            " was acknowledged, or refused as not done, and the store that was "
            "opened anew has it otherwise");
    }
  }
}

void Follower::SayAcknowledged() const {
  if (session_.session_id != 0) {
    Say("acknowledged session " + std::to_string(session_.session_id));
  }
  for (const auto& [key, value] : acknowledged_) {
    Say("acknowledged " + std::string(value ? "item " : "removal ") + key + "=" +
        value.value_or(""));
  }
}

void Follower::ReadAcknowledged(std::istream& said) {
  const std::string session = "acknowledged session ";
  const std::string item = "acknowledged item ";
  const std::string removal = "acknowledged removal ";
  for (std::string line; std::getline(said, line);) {
    const size_t equals = line.rfind('=');
    if (line.starts_with(session)) {
      session_.session_id = std::stoull(line.substr(session.size()));
    } else if (line.starts_with(item)) {
      acknowledged_[line.substr(item.size(), equals - item.size())] = line.substr(equals + 1);
    } else if (line.starts_with(removal)) {
      acknowledged_[line.substr(removal.size(), equals - removal.size())] = std::nullopt;
    }
  }
}

}  // namespace interop::sessions::tests
