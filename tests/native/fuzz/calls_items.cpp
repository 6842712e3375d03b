#include <vector>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

void Completed(Ticket* ticket, interop_sessions_status status, const interop_sessions_error* error,
               bool has_answer) {
  if (error == nullptr || error->status != status ||
      has_answer != (status == INTEROP_SESSIONS_OK) || ticket->released != 0) {
    Fail("a completion is told something else", ticket->function, status);
  }
  CallWithin(ticket);
  ++ticket->completions;
}

void Revised(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
             std::uint64_t revision) {
  Completed(static_cast<Ticket*>(user_data), status, error, revision != 0);
}

void Removed(void* user_data, interop_sessions_status status, const interop_sessions_error* error) {
  Completed(static_cast<Ticket*>(user_data), status, error, status == INTEROP_SESSIONS_OK);
}

void Got(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
         const interop_sessions_item* item) {
  Completed(static_cast<Ticket*>(user_data), status, error, item != nullptr);
}

void Listed(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
            const interop_sessions_item_page* page) {
  Completed(static_cast<Ticket*>(user_data), status, error, page != nullptr);
}

/// Of whatever the input says: an old one, one that was never there, any.
std::uint64_t Revision(Input& input, const World::Held& session) {
  switch (input.Below(4)) {
    case 0:
      return INTEROP_SESSIONS_ANY_REVISION;
    case 1:
      return 0;
    case 2:
      return session.epoch;
    default:
      return input.Number();
  }
}

interop_sessions_item_change* Changes(Arguments& arguments, const World::Held& session,
                                      std::uint32_t* count) {
  Input& input = arguments.input();
  std::vector<interop_sessions_item_change> changes;
  for (std::uint32_t left = input.Of<std::uint32_t>({1, 2, 3, 0, 101}); left > 0; --left) {
    interop_sessions_item_change change = INTEROP_SESSIONS_INIT(interop_sessions_item_change);
    change.kind = static_cast<interop_sessions_item_change_kind>(
        input.Byte() < 240 ? 1 + input.Below(3) : input.Number32());
    change.key = left > 20 ? arguments.TextOf("k") : arguments.Name("k", 4);
    change.value = change.kind == INTEROP_SESSIONS_ITEM_SET || input.Byte() > 240
                       ? arguments.Bytes()
                       : interop_sessions_bytes{nullptr, 0};
    change.compare_revision = Revision(input, session);
    changes.push_back(change);
  }
  // No more than there are, unless it is more than there may be.
  *count = input.Byte() > 250 ? 0xffffffffU : static_cast<std::uint32_t>(changes.size());
  return arguments.Array(changes);
}

void CallBlocking(Arguments& arguments, const World::Held& session, std::uint32_t which) {
  Input& input = arguments.input();
  const interop_sessions_follower follower = session.follower;
  switch (which) {
    case 0: {
      const interop_sessions_string key = arguments.Name("k", 4);
      const interop_sessions_bytes value = arguments.Bytes();
      const auto* const options = arguments.Options(0);
      auto* const revision = arguments.OutValue<std::uint64_t>();
      Finish(arguments, "follower_set_item",
             interop_sessions_follower_set_item(follower, session.epoch, key, value,
                                                Revision(input, session), options, revision,
                                                arguments.Error()));
      break;
    }
    case 1: {
      const interop_sessions_string key = arguments.Name("k", 4);
      const auto* const options = arguments.Options(0);
      Finish(
          arguments, "follower_remove_item",
          interop_sessions_follower_remove_item(
              follower, session.epoch, key, Revision(input, session), options, arguments.Error()));
      break;
    }
    case 2: {
      std::uint32_t count = 0;
      const auto* const changes = Changes(arguments, session, &count);
      const auto* const options = arguments.Options(0);
      auto* const revision = arguments.OutValue<std::uint64_t>();
      Finish(arguments, "follower_apply_items",
             interop_sessions_follower_apply_items(follower, session.epoch, changes, count, options,
                                                   revision, arguments.Error()));
      break;
    }
    case 3: {
      const interop_sessions_string key = arguments.Name("k", 4);
      const auto* const options = arguments.Options(0);
      auto** const item = arguments.OutValue<interop_sessions_item*>();
      if (Finish(arguments, "follower_get_item",
                 interop_sessions_follower_get_item(follower, session.epoch, key, options, item,
                                                    arguments.Error())) == INTEROP_SESSIONS_OK) {
        interop_sessions_free(*item);
      }
      break;
    }
    default: {
      const interop_sessions_string prefix = arguments.Name("", 4);
      const auto* const options = arguments.Options(0);
      auto** const page = arguments.OutValue<interop_sessions_item_page*>();
      const bool isOthers = which == 5;
      const interop_sessions_status status =
          isOthers ? interop_sessions_follower_list_session_items(
                         follower, session.epoch, World::Here().PickSession(input).session_id,
                         prefix, options, page, arguments.Error())
                   : interop_sessions_follower_list_items(follower, session.epoch, prefix, options,
                                                          page, arguments.Error());
      if (Finish(arguments, isOthers ? "follower_list_session_items" : "follower_list_items",
                 status) == INTEROP_SESSIONS_OK) {
        interop_sessions_free(*page);
      }
      break;
    }
  }
}

void CallAsynchronous(Arguments& arguments, const World::Held& session, std::uint32_t which) {
  Input& input = arguments.input();
  const interop_sessions_follower follower = session.follower;
  const bool hasCompletion = input.Byte() < 250;
  const interop_sessions_string name = arguments.Name(which < 4 ? "k" : "", 4);
  const interop_sessions_bytes value = arguments.Bytes();
  const std::uint64_t revision = Revision(input, session);
  const auto* const options = arguments.Options(0);
  switch (which) {
    case 0: {
      Asynchronous call(arguments, "follower_set_item_async");
      call.Finish(interop_sessions_follower_set_item_async(
          follower, session.epoch, name, value, revision, options,
          hasCompletion ? Revised : nullptr, call.ticket, call.release, call.operation,
          call.error));
      break;
    }
    case 1: {
      Asynchronous call(arguments, "follower_remove_item_async");
      call.Finish(interop_sessions_follower_remove_item_async(
          follower, session.epoch, name, revision, options, hasCompletion ? Removed : nullptr,
          call.ticket, call.release, call.operation, call.error));
      break;
    }
    case 2: {
      std::uint32_t count = 0;
      const auto* const changes = Changes(arguments, session, &count);
      Asynchronous call(arguments, "follower_apply_items_async");
      call.Finish(interop_sessions_follower_apply_items_async(
          follower, session.epoch, changes, count, options, hasCompletion ? Revised : nullptr,
          call.ticket, call.release, call.operation, call.error));
      break;
    }
    case 3: {
      Asynchronous call(arguments, "follower_get_item_async");
      call.Finish(interop_sessions_follower_get_item_async(
          follower, session.epoch, name, options, hasCompletion ? Got : nullptr, call.ticket,
          call.release, call.operation, call.error));
      break;
    }
    case 4: {
      Asynchronous call(arguments, "follower_list_items_async");
      call.Finish(interop_sessions_follower_list_items_async(
          follower, session.epoch, name, options, hasCompletion ? Listed : nullptr, call.ticket,
          call.release, call.operation, call.error));
      break;
    }
    default: {
      Asynchronous call(arguments, "follower_list_session_items_async");
      call.Finish(interop_sessions_follower_list_session_items_async(
          follower, session.epoch, World::Here().PickSession(input).session_id, name, options,
          hasCompletion ? Listed : nullptr, call.ticket, call.release, call.operation, call.error));
      break;
    }
  }
}

}  // namespace

void Released(void* user_data) { ++static_cast<Ticket*>(user_data)->released; }

Asynchronous::Asynchronous(Arguments& given, const char* name)
    : arguments(given),
      function(name),
      ticket(World::Here().NewTicket(name, Ticket::Promise::kOneCompletion,
                                     given.input().Byte() < 200, given.input())),
      release(ticket->releases ? Released : nullptr),
      operation(given.OutValue<interop_sessions_operation>()),
      error(given.Error()) {}

void Asynchronous::Finish(interop_sessions_status status) {
  ticket->accepted = status == INTEROP_SESSIONS_OK;
  if (fuzz::Finish(arguments, function, status) == INTEROP_SESSIONS_OK && operation != nullptr) {
    World::Here().Add(Kind::kOperation, operation->value);
  }
}

void CallItems(Arguments& arguments) {
  Input& input = arguments.input();
  const World::Held session = World::Here().PickSession(input);
  const std::uint32_t which = input.Below(6);
  if (input.Flag()) {
    CallBlocking(arguments, session, which);
  } else {
    CallAsynchronous(arguments, session, which);
  }
}

}  // namespace interop::sessions::fuzz
