#include "shared/event_log.hpp"

#include <cstdio>
#include <interop_sessions/names.hpp>
#include <sstream>
#include <string_view>
#include <utility>

namespace common {

EventLog::EventLog(std::string identity, std::int64_t origin_ns, std::FILE* output)
    : identity_(std::move(identity)), origin_ns_(origin_ns), output_(output) {}

void EventLog::PrintLibraryRecord(const interop::sessions::log_record& record, bool trace) {
  if (const auto step = record.field("step")) {
    const auto identity = record.field("identity").value_or(identity_);
    const bool of_another = identity != identity_;
    std::ostringstream text;
    text << "step " << *step << (of_another ? " for " : "")
         << (of_another ? identity : std::string_view());
    PrintLine(record.time_ns(), text.str());
  } else if (trace || record.level() >= INTEROP_SESSIONS_LOG_ERROR) {
    std::ostringstream text;
    text << interop::sessions::to_string(record.level()) << " " << record.category() << " "
         << record.event_id() << ": " << record.message();
    PrintLine(record.time_ns(), text.str());
  }
}

void EventLog::PrintError(std::string_view what, const interop::sessions::error& error) {
  Print(what, ": ", error.name, ": ", error.message);
}

void EventLog::PrintLine(std::int64_t time_ns, std::string_view text) {
  const std::lock_guard hold(lock_);
  const std::int64_t elapsed_us = (time_ns - origin_ns_) / 1000;
  std::fprintf(output_, "%8lld.%03lld ms  %-8s  %.*s\n", static_cast<long long>(elapsed_us / 1000),
               static_cast<long long>(elapsed_us % 1000), identity_.c_str(),
               static_cast<int>(text.size()), text.data());
  std::fflush(output_);
}

}  // namespace common
