#include <string>

#include "fuzz/calls.h"

namespace interop::sessions::fuzz {
namespace {

void Touch(const interop_sessions_session_row* row) {
  if (row->info->session_id == 0 || row->request->identity.size == 0) {
    Fail("a row has no session", "session_row", row->info->session_id);
  }
  for (std::uint32_t i = 0; i < row->request->endpoint_count; ++i) {
    if (interop_sessions_session_request_endpoint(row->request, i)->address.size == 0) {
      Fail("an endpoint has no address", "session_row", i);
    }
  }
}

void Start(Arguments& arguments) {
  Input& input = arguments.input();
  interop_sessions_master_options options = INTEROP_SESSIONS_INIT(interop_sessions_master_options);
  const std::uint8_t wrong = input.Byte();
  options.listen_address = wrong == 1 ? arguments.Text() : arguments.TextOf("127.0.0.1:0");
  options.store_path = wrong == 2 ? arguments.Text() : arguments.TextOf(World::Here().FreshStore());
  options.create_store = wrong == 3 ? 0 : 1;
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  Ticket* const ticket = World::Here().NewTicket("master_start", Ticket::Promise::kAnyCompletions,
                                                 input.Flag(), input);
  ticket->may_be_unseen = true;
  interop_sessions_access_manager hooks = INTEROP_SESSIONS_INIT(interop_sessions_access_manager);
  hooks.user_data = ticket;
  hooks.release = ticket->releases ? Released : nullptr;
  hooks.reserved = wrong == 4 ? input.Number32() : 0;
  options.access_manager = arguments.In(hooks);
  interop_sessions_etcd_options etcd = INTEROP_SESSIONS_INIT(interop_sessions_etcd_options);
  if (wrong > 4 && wrong < 40) {
    // Never a master: what etcd is asked for is not there, or is no option.
    etcd.endpoints = arguments.Text();
    etcd.prefix = arguments.Text();
    etcd.insecure = wrong > 20 ? INTEROP_SESSIONS_INSECURE_LOOPBACK : input.Number32();
    options.etcd = arguments.In(etcd);
  }
  std::uint32_t* const numbers[] = {&options.reserved,
                                    &options.term_ms,
                                    &options.min_term_ms,
                                    &options.max_term_ms,
                                    &options.max_sessions,
                                    &options.max_items_per_session,
                                    &options.max_item_bytes,
                                    &options.max_renewals_per_second,
                                    &options.clock_rate_bound_ppm,
                                    &options.leadership,
                                    &options.insecure,
                                    &options.max_access_points_per_identity};
  if (input.Byte() > 100) {
    *numbers[input.Below(12)] = input.Number32();
    options.max_session_bytes = input.Byte() > 200 ? input.Number() : 0;
    options.store_max_bytes = input.Byte() > 200 ? input.Number() : 0;
    options.advertise_address =
        input.Byte() > 200 ? arguments.Text() : interop_sessions_string{nullptr, 0};
  }
  options.tls = input.Byte() > 220 ? Tls(arguments) : nullptr;
  if (input.Byte() > 220) {
    options.authorization_file = arguments.Text();
    options.tokens_file = arguments.Text();
    options.admin_listen_address = arguments.Text();
    options.unix_socket = arguments.Text();
  }
  auto* const master = arguments.OutValue<interop_sessions_master>();
  const interop_sessions_library library = {World::Here().Pick(Kind::kLibrary, input)};
  const auto* const given = arguments.In(options);
  if (Finish(arguments, "master_start",
             interop_sessions_master_start(library, given, master, arguments.Error())) ==
      INTEROP_SESSIONS_OK) {
    World::Here().Add(Kind::kMaster, master->value);
    ticket->may_be_unseen = false;
    ticket->releases = ticket->releases && options.access_manager != nullptr;
  }
}

void Look(Arguments& arguments, interop_sessions_master master, World::Held session) {
  Input& input = arguments.input();
  switch (input.Below(7)) {
    case 0: {
      const std::uint32_t limit = input.Number32();
      auto** const page = arguments.OutValue<interop_sessions_session_page*>();
      const std::uint64_t from = input.Flag() ? 0 : input.Number();
      if (Finish(arguments, "master_list_sessions",
                 interop_sessions_master_list_sessions(master, from, limit, page,
                                                       arguments.Error())) == INTEROP_SESSIONS_OK) {
        for (std::uint32_t i = 0; i < (*page)->row_count; ++i) {
          Touch(interop_sessions_session_page_row(*page, i));
        }
        interop_sessions_free(*page);
      }
      break;
    }
    case 1: {
      auto* const count = arguments.OutValue<std::uint64_t>();
      Finish(arguments, "master_count_sessions",
             interop_sessions_master_count_sessions(master, count, arguments.Error()));
      break;
    }
    case 2: {
      auto** const row = arguments.OutValue<interop_sessions_session_row*>();
      if (Finish(arguments, "master_get_session",
                 interop_sessions_master_get_session(master, session.session_id, row,
                                                     arguments.Error())) == INTEROP_SESSIONS_OK) {
        Touch(*row);
        interop_sessions_free(*row);
      }
      break;
    }
    case 3: {
      const interop_sessions_string identity = arguments.Name("s", 4);
      auto** const row = arguments.OutValue<interop_sessions_session_row*>();
      if (Finish(arguments, "master_find_session",
                 interop_sessions_master_find_session(master, identity, row, arguments.Error())) ==
          INTEROP_SESSIONS_OK) {
        Touch(*row);
        interop_sessions_free(*row);
      }
      break;
    }
    case 4: {
      const interop_sessions_string key = arguments.Name("k", 4);
      auto** const item = arguments.OutValue<interop_sessions_item*>();
      if (Finish(arguments, "master_get_item",
                 interop_sessions_master_get_item(master, session.session_id, key, item,
                                                  arguments.Error())) == INTEROP_SESSIONS_OK) {
        interop_sessions_free(*item);
      }
      break;
    }
    case 5: {
      const interop_sessions_string prefix = arguments.Name("", 4);
      auto** const page = arguments.OutValue<interop_sessions_item_page*>();
      if (Finish(arguments, "master_list_items",
                 interop_sessions_master_list_items(master, session.session_id, prefix, page,
                                                    arguments.Error())) == INTEROP_SESSIONS_OK) {
        interop_sessions_free(*page);
      }
      break;
    }
    default: {
      auto* const statistics = arguments.Out<interop_sessions_master_statistics>();
      Finish(arguments, "master_get_statistics",
             interop_sessions_master_get_statistics(master, statistics, arguments.Error()));
      break;
    }
  }
}

void Revoked(void* user_data, interop_sessions_status status, const interop_sessions_error* error) {
  auto* const ticket = static_cast<Ticket*>(user_data);
  if (error == nullptr || error->status != status || ticket->released != 0) {
    Fail("a completion is told something else", ticket->function, status);
  }
  CallWithin(ticket);
  ++ticket->completions;
}

}  // namespace

void CallMaster(Arguments& arguments) {
  Input& input = arguments.input();
  const interop_sessions_master master = {World::Here().Pick(Kind::kMaster, input)};
  const World::Held session = World::Here().PickSession(input);
  switch (input.Below(10)) {
    case 0:
      if (input.Byte() > 160) {
        Start(arguments);
      }
      break;
    case 1: {
      auto* const port = arguments.OutValue<std::uint16_t>();
      Finish(arguments, "master_port",
             interop_sessions_master_port(master, port, arguments.Error()));
      break;
    }
    case 2: {
      auto* const leads = arguments.OutValue<std::int32_t>();
      auto* const epoch = arguments.OutValue<std::uint64_t>();
      Finish(arguments, "master_leads",
             interop_sessions_master_leads(master, leads, epoch, arguments.Error()));
      break;
    }
    case 3:
      Finish(arguments, "master_resign",
             interop_sessions_master_resign(master, input.Of<std::uint32_t>({20, 1, 100, 3600001}),
                                            arguments.Error()));
      break;
    case 4: {
      const interop_sessions_string reason = arguments.Name("because", 2);
      const auto* const options = arguments.Options(0);
      Finish(arguments, "master_revoke_session",
             interop_sessions_master_revoke_session(master, session.session_id, session.epoch,
                                                    reason, options, arguments.Error()));
      break;
    }
    case 5: {
      const interop_sessions_string reason = arguments.Name("because", 2);
      const auto* const options = arguments.Options(0);
      Asynchronous call(arguments, "master_revoke_session_async");
      call.Finish(interop_sessions_master_revoke_session_async(
          master, session.session_id, session.epoch, reason, options,
          input.Byte() > 245 ? nullptr : Revoked, call.ticket, call.release, call.operation,
          call.error));
      break;
    }
    case 6:
      if (!World::Here().Lasts(master.value)) {
        const std::uint32_t timeout_ms = input.Of<std::uint32_t>({20, 1, 100, 3600001});
        Finish(arguments, "master_stop",
               interop_sessions_master_stop(master, timeout_ms, arguments.Error()));
      }
      break;
    default:
      Look(arguments, master, session);
      break;
  }
}

}  // namespace interop::sessions::fuzz
