#include <array>
#include <cstring>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

void Logged(void*, const interop_sessions_log_record*) {}

void Initialize(Arguments& arguments) {
  Input& input = arguments.input();
  interop_sessions_options options = INTEROP_SESSIONS_INIT(interop_sessions_options);
  options.abi_version = input.Byte() < 220
                            ? static_cast<std::uint32_t>(INTEROP_SESSIONS_ABI_MAJOR << 16 |
                                                         INTEROP_SESSIONS_ABI_MINOR)
                            : input.Number32();
  options.log_level = static_cast<interop_sessions_log_level>(
      input.Byte() < 220 ? input.Below(7) : input.Number32());
  Ticket* const ticket =
      World::Here().NewTicket("initialize", Ticket::Promise::kAnyCompletions, input.Flag(), input);
  ticket->may_be_unseen = true;
  if (input.Flag()) {
    options.log = Logged;
    options.log_user_data = ticket;
    options.log_release = ticket->releases ? Released : nullptr;
  } else {
    ticket->releases = false;
  }
  if (input.Byte() > 200) {
    options.thread_stack_bytes = input.Number32();
    options.cpu_mask = arguments.Bytes();
    options.thread_class = static_cast<interop_sessions_thread_class>(input.Number32());
    options.thread_priority = input.Number32();
  }
  auto* const library = arguments.OutValue<interop_sessions_library>();
  const auto* const given = arguments.In(options);
  if (Finish(arguments, "initialize",
             interop_sessions_initialize(given, library, arguments.Error())) ==
      INTEROP_SESSIONS_OK) {
    World::Here().Add(Kind::kLibrary, library->value);
    ticket->may_be_unseen = false;
  }
}

void Names(Input& input) {
  const std::uint32_t value = input.Number32();
  const std::array<const char*, 7> names = {
      interop_sessions_status_name(static_cast<interop_sessions_status>(value)),
      interop_sessions_session_state_name(static_cast<interop_sessions_session_state>(value)),
      interop_sessions_end_reason_name(static_cast<interop_sessions_end_reason>(value)),
      interop_sessions_access_point_kind_name(
          static_cast<interop_sessions_access_point_kind>(value)),
      interop_sessions_connection_state_name(static_cast<interop_sessions_connection_state>(value)),
      interop_sessions_version(),
      interop_sessions_abi_version() == 0 ? "" : "a number"};
  for (const char* name : names) {
    if (name == nullptr || std::strlen(name) == 0) {
      Fail("a value has no name", "name", value);
    }
  }
  interop_sessions_fence fence = {input.Number()};
  const std::uint64_t epoch = input.Number();
  const bool isAccepted = epoch != 0 && epoch >= fence.highest_epoch;
  if ((interop_sessions_fence_check(&fence, epoch) != 0) != isAccepted) {
    Fail("a fence takes another epoch", "fence_check", epoch);
  }
  const interop_sessions_lease lease = {
      epoch, static_cast<std::int64_t>(input.Number()), 1, INTEROP_SESSIONS_STATE_ALIVE, {}};
  const std::uint64_t asked = input.Flag() ? epoch : input.Number();
  if (interop_sessions_lease_check(&lease, asked) != 0 &&
      (asked == 0 || asked != epoch || lease.deadline_ns <= 0)) {
    Fail("a lease serves that must not", "lease_check", asked);
  }
  interop_sessions_free(nullptr);
}

}  // namespace

void CallLibrary(Arguments& arguments) {
  Input& input = arguments.input();
  const interop_sessions_library library = {World::Here().Pick(Kind::kLibrary, input)};
  switch (input.Below(6)) {
    case 0:
      if (input.Byte() > 160) {
        Initialize(arguments);
      }
      break;
    case 1:
      if (!World::Here().Lasts(library.value)) {
        const std::uint32_t timeout_ms = input.Of<std::uint32_t>({1, 20, 100, 3600001});
        Finish(arguments, "shutdown",
               interop_sessions_shutdown(library, timeout_ms, arguments.Error()));
      }
      break;
    case 2: {
      const auto level = static_cast<interop_sessions_log_level>(
          input.Byte() < 200 ? input.Below(7) : input.Number32());
      const interop_sessions_string category = arguments.Name("Interop.Sessions.M", 9);
      Finish(arguments, "set_log_level",
             interop_sessions_set_log_level(library, category, level, arguments.Error()));
      break;
    }
    case 3:
    case 4: {
      auto* const statistics = arguments.Out<interop_sessions_library_statistics>();
      Finish(arguments, "library_get_statistics",
             interop_sessions_library_get_statistics(library, statistics, arguments.Error()));
      break;
    }
    default:
      Names(input);
      break;
  }
}

}  // namespace interop::sessions::fuzz
