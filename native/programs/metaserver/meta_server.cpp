#include "metaserver/meta_server.hpp"

#include <string>
#include <utility>

#include "shared/names.hpp"

namespace metaserver {

using interop::sessions::failure;
using interop::sessions::result;
using interop::sessions::session_row;

MetaServer::MetaServer(const MetaServerOptions& options, common::EventLog& events)
    : options_(options),
      events_(events),
      access_manager_(std::make_shared<AccessManager>(options, events)) {}

result<void> MetaServer::Start(const interop::sessions::api& functions) {
  auto library = interop::sessions::library::initialize(LibraryOptions(), functions);
  if (!library) {
    return failure(library.error());
  }
  library_.emplace(std::move(*library));
  auto master = interop::sessions::master::start(*library_,
                                                 {.listen_address = options_.listen_address,
                                                  .store_path = options_.store_path,
                                                  .term_ms = options_.term_ms,
                                                  .min_term_ms = options_.min_term_ms,
                                                  .max_term_ms = options_.max_term_ms,
                                                  .create_store = options_.create_store,
                                                  .tls = options_.trust.Tls(),
                                                  .insecure = options_.trust.insecure},
                                                 access_manager_);
  if (!master) {
    return failure(master.error());
  }
  master_.emplace(std::move(*master));
  const auto port = master_->port();
  if (!port) {
    return failure(port.error());
  }
  const auto sessions = ForEachSession([](const session_row&) {});
  if (!sessions) {
    return failure(sessions.error());
  }
  events_.Print("ready port=", *port, " sessions=", *sessions);
  return {};
}

result<void> MetaServer::Stop() {
  if (auto stopped = master_->stop(); !stopped) {
    return stopped;
  }
  return library_->shutdown();
}

void MetaServer::PrintSessions() {
  const auto count = ForEachSession([this](const session_row& row) { PrintSession(row); });
  if (count) {
    events_.Print("sessions listed: ", *count);
  } else {
    events_.PrintError("sessions listed", count.error());
  }
}

result<std::size_t> MetaServer::ForEachSession(
    const std::function<void(const session_row&)>& visit) {
  std::size_t count = 0;
  std::uint64_t from_session_id = 0;
  do {
    const auto page = master_->list_sessions(from_session_id);
    if (!page) {
      return failure(page.error());
    }
    for (const session_row& row : page->rows) {
      visit(row);
    }
    count += page->rows.size();
    from_session_id = page->next_session_id;
  } while (from_session_id != 0);
  return count;
}

void MetaServer::PrintSession(const session_row& row) {
  std::string list;
  if (const auto items = master_->list_items(row.info.session_id)) {
    for (const auto& item : *items) {
      list.append(" ").append(item.key).append("=").append(interop::sessions::text_of(item.value));
    }
  }
  events_.Print("session: ", row.request.identity, ", epoch ", row.info.epoch, ", id ",
                common::IdText(row.info.session_id), ", term_ms ", row.info.term_ms, ", pids ",
                access_manager_->DistinctPids(row.request.identity), ", items", list);
}

interop::sessions::library_options MetaServer::LibraryOptions() {
  const bool trace = options_.trace;
  return {.log = [this, trace](const auto& record) { events_.PrintLibraryRecord(record, trace); },
          .log_level = trace ? INTEROP_SESSIONS_LOG_TRACE : INTEROP_SESSIONS_LOG_INFORMATION,
          .callback_failed =
              [this](std::string_view callback, const std::exception_ptr&) {
                events_.Print("an exception left the callback ", callback);
              }};
}

}  // namespace metaserver
