#include <string>
#include <vector>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

void Created(void* user_data, const interop_sessions_session_info* session,
             interop_sessions_verdict* verdict) {
  auto* const ticket = static_cast<Ticket*>(user_data);
  if (session->epoch == 0 || verdict->refuse != 0) {
    Fail("a session begins without an epoch", ticket->function, session->epoch);
  }
  verdict->refuse = ticket->then[1] > 240 ? 1 : 0;
  CallWithin(ticket);
}

void Lost(void* user_data, const interop_sessions_session_info* session,
          const interop_sessions_session_end* end) {
  auto* const ticket = static_cast<Ticket*>(user_data);
  if (session->state != INTEROP_SESSIONS_STATE_LOST || end->reason == INTEROP_SESSIONS_END_NONE) {
    Fail("a session is lost without a reason", ticket->function, end->reason);
  }
  CallWithin(ticket);
}

void Changed(void* user_data, const interop_sessions_session_info*) {
  CallWithin(static_cast<Ticket*>(user_data));
}

void Registered(void* user_data, const interop_sessions_session_info*) {
  CallWithin(static_cast<Ticket*>(user_data));
}

void Closed(void* user_data) { ++static_cast<Ticket*>(user_data)->completions; }

void Completed(void* user_data, interop_sessions_status status, const interop_sessions_error* error,
               const interop_sessions_session_info* session) {
  auto* const ticket = static_cast<Ticket*>(user_data);
  if (error == nullptr || error->status != status ||
      (session != nullptr) != (status == INTEROP_SESSIONS_OK) || ticket->released != 0) {
    Fail("a completion is told something else", ticket->function, status);
  }
  CallWithin(ticket);
  ++ticket->completions;
}

void CreateManager(Arguments& arguments) {
  Input& input = arguments.input();
  interop_sessions_follower_manager_options options =
      INTEROP_SESSIONS_INIT(interop_sessions_follower_manager_options);
  std::vector<interop_sessions_string> endpoints;
  for (std::uint32_t left = input.Of<std::uint32_t>({1, 1, 1, 2, 17, 0}); left > 0; --left) {
    endpoints.push_back(input.Byte() < 200 ? arguments.TextOf(World::Here().endpoint())
                                           : arguments.Text());
  }
  options.endpoints = endpoints.data();
  options.endpoint_count = static_cast<std::uint32_t>(endpoints.size());
  options.clock_rate_bound_ppm = input.Byte() > 220 ? input.Number32() : 0;
  options.effect_delay_ms = input.Byte() > 220 ? input.Number32() : 0;
  options.tls = input.Byte() > 220 ? Tls(arguments) : nullptr;
  options.insecure = input.Byte() > 220 ? input.Number32() : INTEROP_SESSIONS_INSECURE_LOOPBACK;
  if (input.Byte() > 220) {
    options.token_file = arguments.Text();
  }
  auto* const manager = arguments.OutValue<interop_sessions_follower_manager>();
  const interop_sessions_library library = {World::Here().Pick(Kind::kLibrary, input)};
  const auto* const given = arguments.In(options);
  if (Finish(arguments, "follower_manager_create",
             interop_sessions_follower_manager_create(library, given, manager,
                                                      arguments.Error())) == INTEROP_SESSIONS_OK) {
    World::Here().Add(Kind::kManager, manager->value);
  }
}

void CallManager(Arguments& arguments) {
  Input& input = arguments.input();
  const interop_sessions_follower_manager manager = {World::Here().Pick(Kind::kManager, input)};
  switch (input.Below(4)) {
    case 0:
      if (input.Byte() > 128) {
        CreateManager(arguments);
      }
      break;
    case 1: {
      // What all depend on keeps its master.
      const interop_sessions_string endpoint = World::Here().Lasts(manager.value)
                                                   ? arguments.TextOf(World::Here().endpoint())
                                                   : arguments.Text();
      const std::uint32_t count = World::Here().Lasts(manager.value)
                                      ? input.Below(2)
                                      : input.Of({1U, 0U, 17U, 0xffffffffU});
      const interop_sessions_string* const given = input.Byte() > 245 ? nullptr : &endpoint;
      Finish(arguments, "follower_manager_set_endpoints",
             interop_sessions_follower_manager_set_endpoints(manager, given, count,
                                                             arguments.Error()));
      break;
    }
    case 2: {
      auto* const statistics = arguments.Out<interop_sessions_follower_manager_statistics>();
      Finish(
          arguments, "follower_manager_get_statistics",
          interop_sessions_follower_manager_get_statistics(manager, statistics, arguments.Error()));
      break;
    }
    default:
      if (!World::Here().Lasts(manager.value)) {
        const std::uint32_t timeout_ms = input.Of<std::uint32_t>({20, 1, 100, 3600001});
        Finish(arguments, "follower_manager_close",
               interop_sessions_follower_manager_close(manager, timeout_ms, arguments.Error()));
      }
      break;
  }
}

void Create(Arguments& arguments) {
  Input& input = arguments.input();
  Ticket* const ticket = World::Here().NewTicket(
      "follower_create", Ticket::Promise::kAnyCompletions, input.Flag(), input);
  ticket->may_be_unseen = true;
  interop_sessions_follower_callbacks callbacks =
      INTEROP_SESSIONS_INIT(interop_sessions_follower_callbacks);
  callbacks.user_data = ticket;
  callbacks.session_created = input.Flag() ? Created : nullptr;
  callbacks.session_lost = input.Flag() ? Lost : nullptr;
  callbacks.state_changed = input.Flag() ? Changed : nullptr;
  callbacks.release = ticket->releases ? Released : nullptr;
  callbacks.reserved = input.Byte() > 250 ? input.Number32() : 0;
  interop_sessions_follower_options options =
      INTEROP_SESSIONS_INIT(interop_sessions_follower_options);
  options.identity = arguments.Name("s", 4);
  options.recreate = static_cast<interop_sessions_recreate_policy>(
      input.Byte() < 230 ? input.Below(2) : input.Number32());
  options.callbacks = arguments.In(callbacks);
  const bool hasCallbacks = options.callbacks != nullptr;
  if (input.Byte() > 250) {
    // Where no word can be.
    options.lease = reinterpret_cast<interop_sessions_lease*>(
        const_cast<char*>(arguments.TextOf(std::string(80, '\0')).data));
  }
  const interop_sessions_follower_manager manager = {World::Here().Pick(Kind::kManager, input)};
  auto* const follower = arguments.OutValue<interop_sessions_follower>();
  const auto* const given = arguments.In(options);
  if (Finish(arguments, "follower_create",
             interop_sessions_follower_create(manager, given, follower, arguments.Error())) ==
      INTEROP_SESSIONS_OK) {
    ticket->may_be_unseen = false;
    ticket->releases = ticket->releases && hasCallbacks;
    World::Here().Add(Kind::kFollower, follower->value);
  }
}

void Register(Arguments& arguments, interop_sessions_follower follower) {
  Input& input = arguments.input();
  if (World::Here().Lasts(follower.value)) {
    // It would be called after the input is over.
    return;
  }
  Ticket* const ticket = World::Here().NewTicket(
      "register_session_create_cb", Ticket::Promise::kAnyCompletions, input.Flag(), input);
  auto* const registration = arguments.OutValue<interop_sessions_registration>();
  if (Finish(arguments, "follower_register_session_create_cb",
             interop_sessions_follower_register_session_create_cb(
                 follower, input.Byte() > 245 ? nullptr : Registered, ticket,
                 ticket->releases ? Released : nullptr, registration, arguments.Error())) ==
          INTEROP_SESSIONS_OK &&
      registration != nullptr) {
    World::Here().Add(Kind::kRegistration, registration->value);
  }
}

void GetSession(Arguments& arguments, interop_sessions_follower follower) {
  Input& input = arguments.input();
  const auto* const options = arguments.Options(50);
  const World::Held former = World::Here().PickSession(input);
  const std::uint8_t which = input.Byte();
  if (which < 128) {
    auto* const session = arguments.Out<interop_sessions_session_info>();
    const bool isReattach = which > 100;
    const interop_sessions_status status =
        isReattach
            ? interop_sessions_follower_reattach_session(follower, former.session_id, former.secret,
                                                         options, session, arguments.Error())
            : interop_sessions_follower_create_session(follower, Description(arguments), options,
                                                       session, arguments.Error());
    Finish(arguments, isReattach ? "follower_reattach_session" : "follower_create_session", status);
    if (status == INTEROP_SESSIONS_OK && session != nullptr) {
      World::Here().Add({follower, session->epoch, session->session_id, session->secret});
    }
    return;
  }
  const bool isReattach = which > 220;
  const interop_sessions_server_description* const description = Description(arguments);
  Asynchronous call(
      arguments, isReattach ? "follower_reattach_session_async" : "follower_create_session_async");
  const auto completion = input.Byte() > 250 ? nullptr : Completed;
  call.Finish(isReattach ? interop_sessions_follower_reattach_session_async(
                               follower, former.session_id, former.secret, options, completion,
                               call.ticket, call.release, call.operation, call.error)
                         : interop_sessions_follower_create_session_async(
                               follower, description, options, completion, call.ticket,
                               call.release, call.operation, call.error));
}

void Look(Arguments& arguments, interop_sessions_follower follower) {
  Input& input = arguments.input();
  switch (input.Below(5)) {
    case 0: {
      auto* const session = arguments.Out<interop_sessions_session_info>();
      if (Finish(arguments, "follower_session",
                 interop_sessions_follower_session(follower, session, arguments.Error())) ==
              INTEROP_SESSIONS_OK &&
          session->epoch != 0) {
        World::Here().Add({follower, session->epoch, session->session_id, session->secret});
      }
      break;
    }
    case 1: {
      auto* const statistics = arguments.Out<interop_sessions_follower_statistics>();
      Finish(arguments, "follower_get_statistics",
             interop_sessions_follower_get_statistics(follower, statistics, arguments.Error()));
      break;
    }
    case 2:
      Finish(
          arguments, "follower_report_health",
          interop_sessions_follower_report_health(follower, input.Number32(), arguments.Error()));
      break;
    case 3: {
      auto* const in_callback = arguments.OutValue<std::int32_t>();
      Finish(arguments, "follower_in_callback",
             interop_sessions_follower_in_callback(follower, in_callback, arguments.Error()));
      break;
    }
    default: {
      const auto** const lease = arguments.OutValue<const interop_sessions_lease*>();
      if (Finish(arguments, "follower_lease",
                 interop_sessions_follower_lease(follower, lease, arguments.Error())) ==
          INTEROP_SESSIONS_OK) {
        interop_sessions_lease_valid(*lease, input.Number());
      }
      break;
    }
  }
}

void End(Arguments& arguments, interop_sessions_follower follower) {
  Input& input = arguments.input();
  if (World::Here().Lasts(follower.value)) {
    return;
  }
  if (input.Flag()) {
    const std::uint32_t timeout_ms = input.Of<std::uint32_t>({20, 1, 100, 3600001});
    Finish(arguments, "follower_close",
           interop_sessions_follower_close(follower, timeout_ms, arguments.Error()));
    return;
  }
  Asynchronous call(arguments, "follower_close_async");
  call.Finish(interop_sessions_follower_close_async(follower, input.Byte() > 245 ? nullptr : Closed,
                                                    call.ticket, call.release, call.error));
}

}  // namespace

interop_sessions_tls_options* Tls(Arguments& arguments) {
  Input& input = arguments.input();
  interop_sessions_tls_options tls = INTEROP_SESSIONS_INIT(interop_sessions_tls_options);
  tls.warning_days = input.Byte() > 200 ? input.Number32() : 0;
  for (interop_sessions_string* text :
       {&tls.ca_file, &tls.cert_file, &tls.key_file, &tls.server_name, &tls.minimum_version}) {
    if (input.Flag()) {
      *text = arguments.Name("1.", 4);
    }
  }
  return arguments.In(tls);
}

interop_sessions_server_description* Description(Arguments& arguments) {
  Input& input = arguments.input();
  interop_sessions_server_description description =
      INTEROP_SESSIONS_INIT(interop_sessions_server_description);
  description.term_ms = input.Of<std::uint32_t>({10000, 0, 1, 0xffffffff});
  std::vector<interop_sessions_endpoint> endpoints;
  for (std::uint32_t left = input.Of<std::uint32_t>({0, 1, 1, 2, 17}); left > 0; --left) {
    interop_sessions_endpoint endpoint = INTEROP_SESSIONS_INIT(interop_sessions_endpoint);
    endpoint.kind =
        static_cast<interop_sessions_access_point_kind>(input.Of({1U, 2U, 0x10000U, 4U, 0U}));
    endpoint.address = arguments.Name("e", 3);
    endpoints.push_back(endpoint);
  }
  std::vector<interop_sessions_item> items;
  for (std::uint32_t left = input.Of<std::uint32_t>({0, 0, 1, 2, 101}); left > 0; --left) {
    interop_sessions_item item = INTEROP_SESSIONS_INIT(interop_sessions_item);
    item.key = left > 20 ? arguments.TextOf("") : arguments.Name("k", 4);
    item.revision = input.Byte() > 240 ? 1 : 0;
    items.push_back(item);
  }
  description.endpoints = arguments.Array(endpoints);
  description.endpoint_count =
      input.Byte() > 250 ? input.Number32() : static_cast<std::uint32_t>(endpoints.size());
  description.items = arguments.Array(items);
  description.item_count = static_cast<std::uint32_t>(items.size());
  // More entries than there are would be the caller's own mistake.
  description.endpoint_count = description.endpoint_count > 16
                                   ? description.endpoint_count
                                   : static_cast<std::uint32_t>(endpoints.size());
  return arguments.In(description);
}

void CallFollower(Arguments& arguments) {
  Input& input = arguments.input();
  const interop_sessions_follower follower = {World::Here().Pick(Kind::kFollower, input)};
  switch (input.Below(12)) {
    case 0:
      CallManager(arguments);
      break;
    case 1:
    case 2:
      Create(arguments);
      break;
    case 3:
      Register(arguments, follower);
      break;
    case 4:
      Finish(arguments, "unregister_session_create_cb",
             interop_sessions_unregister_session_create_cb(
                 {World::Here().Pick(Kind::kRegistration, input)},
                 input.Of<std::uint32_t>({0, 1, 100, 3600001}), arguments.Error()));
      break;
    case 5:
    case 6:
    case 7:
      GetSession(arguments, follower);
      break;
    case 8:
      Finish(arguments, "follower_cancel_operations",
             interop_sessions_follower_cancel_operations(follower, arguments.Error()));
      break;
    case 9:
      End(arguments, follower);
      break;
    default:
      Look(arguments, follower);
      break;
  }
}

}  // namespace interop::sessions::fuzz
