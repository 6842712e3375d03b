#include <vector>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

void Completed(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
               bool has_answer) {
  auto* const ticket = static_cast<Ticket*>(user_data);
  if (error == nullptr || error->status != status ||
      has_answer != (status == INTEROP_SESSIONS_OK) || ticket->released != 0) {
    Fail("a completion is told something else", ticket->function, status);
  }
  CallWithin(ticket);
  ++ticket->completions;
}

void Listed(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
            const interop_sessions_session_page* page) {
  Completed(user_data, status, error, page != nullptr);
}

void Found(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
           const interop_sessions_session_row* row) {
  Completed(user_data, status, error, row != nullptr);
}

void FoundPoint(void* user_data, interop_sessions_status status,
                const interop_sessions_error* error,
                const interop_sessions_access_point* access_point) {
  Completed(user_data, status, error, access_point != nullptr);
}

void ReleasedPoint(void* user_data, interop_sessions_status status,
                   const interop_sessions_error* error) {
  Completed(user_data, status, error, status == INTEROP_SESSIONS_OK);
}

void Reported(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
              const interop_sessions_report_window* next) {
  Completed(user_data, status, error, next != nullptr);
}

/// A limit that no page has is refused at once, and not by a master.
void VerifyLimit(std::uint32_t limit, interop_sessions_status status) {
  if (limit > 10000 && status == INTEROP_SESSIONS_OK) {
    Fail("a page may have more than a page has", "follower_list_sessions_async", limit);
  }
}

void CallList(Arguments& arguments, const World::Held& session, bool is_blocking) {
  Input& input = arguments.input();
  const interop_sessions_string prefix = arguments.Name("s", 4);
  const std::uint32_t limit = input.Number32();
  const std::uint64_t from = input.Flag() ? 0 : input.Number();
  const auto* const options = arguments.Options(0);
  if (is_blocking) {
    auto** const page = arguments.OutValue<interop_sessions_session_page*>();
    if (Finish(arguments, "follower_list_sessions",
               interop_sessions_follower_list_sessions(session.follower, session.epoch, prefix,
                                                       from, limit, options, page,
                                                       arguments.Error())) == INTEROP_SESSIONS_OK) {
      interop_sessions_free(*page);
    }
    return;
  }
  Asynchronous call(arguments, "follower_list_sessions_async");
  const interop_sessions_status status = interop_sessions_follower_list_sessions_async(
      session.follower, session.epoch, prefix, from, limit, options,
      input.Byte() < 250 ? Listed : nullptr, call.ticket, call.release, call.operation, call.error);
  call.Finish(status);
  VerifyLimit(limit, status);
}

void CallFind(Arguments& arguments, const World::Held& session, bool is_blocking) {
  const interop_sessions_string identity = arguments.Name("s", 4);
  const auto* const options = arguments.Options(0);
  if (is_blocking) {
    auto** const row = arguments.OutValue<interop_sessions_session_row*>();
    if (Finish(arguments, "follower_find_session",
               interop_sessions_follower_find_session(session.follower, session.epoch, identity,
                                                      options, row, arguments.Error())) ==
        INTEROP_SESSIONS_OK) {
      interop_sessions_free(*row);
    }
    return;
  }
  Asynchronous call(arguments, "follower_find_session_async");
  call.Finish(interop_sessions_follower_find_session_async(
      session.follower, session.epoch, identity, options,
      arguments.input().Byte() < 250 ? Found : nullptr, call.ticket, call.release, call.operation,
      call.error));
}

void CallAccessPoint(Arguments& arguments, const World::Held& session, bool is_blocking) {
  Input& input = arguments.input();
  const auto kind = static_cast<interop_sessions_access_point_kind>(
      input.Of({1U, 2U, 0x10000U, 3U, 4U, 0U, 0xffffffffU}));
  const interop_sessions_string object = arguments.Name("o", 3);
  const auto* const options = arguments.Options(0);
  if (is_blocking) {
    auto* const found = arguments.Out<interop_sessions_access_point>();
    Finish(arguments, "follower_find_access_point",
           interop_sessions_follower_find_access_point(session.follower, session.epoch, kind,
                                                       object, options, found, arguments.Error()));
    return;
  }
  Asynchronous call(arguments, "follower_find_access_point_async");
  call.Finish(interop_sessions_follower_find_access_point_async(
      session.follower, session.epoch, kind, object, options,
      input.Byte() < 250 ? FoundPoint : nullptr, call.ticket, call.release, call.operation,
      call.error));
}

void CallRelease(Arguments& arguments, const World::Held& session, bool is_blocking) {
  Input& input = arguments.input();
  const auto kind =
      static_cast<interop_sessions_access_point_kind>(input.Of({1U, 2U, 0x10000U, 4U}));
  const interop_sessions_string object = arguments.Name("o", 3);
  interop_sessions_access_point found = INTEROP_SESSIONS_INIT(interop_sessions_access_point);
  found.session_id = session.session_id;
  found.epoch = session.epoch;
  found.revision = input.Number();
  found.reserved = input.Byte() > 250 ? 1 : 0;
  const auto* const given = input.Flag() ? arguments.In(found) : nullptr;
  const auto* const options = arguments.Options(0);
  if (is_blocking) {
    Finish(arguments, "follower_release_access_point",
           interop_sessions_follower_release_access_point(
               session.follower, session.epoch, kind, object, given, options, arguments.Error()));
    return;
  }
  Asynchronous call(arguments, "follower_release_access_point_async");
  call.Finish(interop_sessions_follower_release_access_point_async(
      session.follower, session.epoch, kind, object, given, options,
      input.Byte() < 250 ? ReleasedPoint : nullptr, call.ticket, call.release, call.operation,
      call.error));
}

void CallReport(Arguments& arguments, const World::Held& session, bool is_blocking) {
  Input& input = arguments.input();
  interop_sessions_report_window window = INTEROP_SESSIONS_INIT(interop_sessions_report_window);
  window.start_pid = input.Number();
  window.report_size = input.Number32();
  const auto* const given = arguments.In(window);
  std::vector<std::uint64_t> pids;
  for (std::uint32_t left = input.Of<std::uint32_t>({0, 1, 2, 3}); left > 0; --left) {
    pids.push_back(input.Flag() ? window.start_pid + window.report_size - 1 : input.Number());
  }
  // No more than there are, unless it is more than there may be.
  const std::uint32_t count =
      input.Byte() > 240 ? 0xffffffffU : static_cast<std::uint32_t>(pids.size());
  const auto* const options = arguments.Options(0);
  if (is_blocking) {
    auto* const next = arguments.Out<interop_sessions_report_window>();
    Finish(
        arguments, "follower_report_data",
        interop_sessions_follower_report_data(session.follower, session.epoch, given, pids.data(),
                                              count, options, next, arguments.Error()));
    return;
  }
  Asynchronous call(arguments, "follower_report_data_async");
  call.Finish(interop_sessions_follower_report_data_async(
      session.follower, session.epoch, given, pids.data(), count, options,
      input.Byte() < 250 ? Reported : nullptr, call.ticket, call.release, call.operation,
      call.error));
}

}  // namespace

void CallOthers(Arguments& arguments) {
  Input& input = arguments.input();
  const World::Held session = World::Here().PickSession(input);
  const bool is_blocking = input.Flag();
  switch (input.Below(8)) {
    case 0:
      CallList(arguments, session, is_blocking);
      break;
    case 1:
      CallFind(arguments, session, is_blocking);
      break;
    case 2:
    case 3:
      CallAccessPoint(arguments, session, is_blocking);
      break;
    case 4:
      CallRelease(arguments, session, is_blocking);
      break;
    case 5:
      CallReport(arguments, session, is_blocking);
      break;
    case 6: {
      const std::uint32_t timeout_ms = input.Of<std::uint32_t>({20, 1, 100, 3600001});
      const interop_sessions_operation operation = {World::Here().Pick(Kind::kOperation, input)};
      Finish(arguments, "operation_wait",
             interop_sessions_operation_wait(operation, timeout_ms, arguments.Error()));
      break;
    }
    default:
      Finish(arguments, "operation_cancel",
             interop_sessions_operation_cancel({World::Here().Pick(Kind::kOperation, input)},
                                               arguments.Error()));
      break;
  }
}

}  // namespace interop::sessions::fuzz
