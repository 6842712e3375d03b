#pragma once

#include <cstdint>
#include <cstdio>
#include <interop_sessions/library.hpp>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>

namespace common {

// Writes one line an event: milliseconds since the origin, who, what. Any thread.
class EventLog {
 public:
  // `origin_ns`: the instant on CLOCK_BOOTTIME at which time 0 lies. Programs that share one can be
  // read side by side. `output` stays open as long as this lives.
  EventLog(std::string identity, std::int64_t origin_ns, std::FILE* output = stdout);

  template <class... Parts>
  void Print(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    PrintLine(interop_sessions_now_ns(), text.str());
  }

  // The steps of the create flow that happen inside the library are shown like our own; of the
  // rest, errors, or everything with `trace`: what matters besides is told by the callbacks. Records
  // arrive a moment late but show their own time: sorted by it, the steps are in order.
  void PrintLibraryRecord(const interop::sessions::log_record& record, bool trace);

  // For a failed call: "what: STATUS: message".
  void PrintError(std::string_view what, const interop::sessions::error& error);

 private:
  void PrintLine(std::int64_t time_ns, std::string_view text);

  const std::string identity_;
  const std::int64_t origin_ns_;
  std::FILE* const output_;
  std::mutex lock_;
};

}  // namespace common
