#include "peers/grpc_connection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "failure.hpp"

namespace load {
namespace {

// So large that hardly any message is about windows: a renewal is one packet each way.
constexpr std::int32_t window_bytes = 1 << 30;
// Of gRPC: compressed or not, and the length of the message.
constexpr std::size_t prefix_bytes = 5;

void Check(int status, const char* what) {
  if (status != 0) {
    throw Failure(std::string(what) + ": " + nghttp2_strerror(status));
  }
}

void AppendFramed(std::string& text, std::string_view message) {
  const auto size = static_cast<std::uint32_t>(message.size());
  text.push_back(0);
  for (const int shift : {24, 16, 8, 0}) {
    text.push_back(static_cast<char>(size >> shift));
  }
  text.append(message);
}

nghttp2_nv Header(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string_view Text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

GrpcConnection::Call* CallOf(nghttp2_session* session, std::int32_t stream) {
  return static_cast<GrpcConnection::Call*>(nghttp2_session_get_stream_user_data(session, stream));
}

}  // namespace

GrpcConnection::GrpcConnection() {
  nghttp2_session_callbacks* callbacks = nullptr;
  Check(nghttp2_session_callbacks_new(&callbacks), "HTTP/2");
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  nghttp2_session* session = nullptr;
  const int status = nghttp2_session_client_new(&session, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  Check(status, "HTTP/2");
  session_.reset(session);
  const std::array<nghttp2_settings_entry, 2> settings{
      {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(window_bytes)}}};
  Check(nghttp2_submit_settings(session, 0, settings.data(), settings.size()), "HTTP/2 settings");
  Check(nghttp2_session_set_local_window_size(session, 0, 0, window_bytes), "HTTP/2 window");
}

GrpcConnection::Call& GrpcConnection::Begin(std::string path, OnMessage on_message,
                                            bool is_stream) {
  auto made = std::make_unique<Call>();
  Call& call = *made;
  call.path = std::move(path);
  call.on_message = std::move(on_message);
  call.is_stream = is_stream;
  calls_.emplace(&call, std::move(made));
  return call;
}

void GrpcConnection::Ask(std::string path, std::string_view message, OnMessage answered,
                         OnRefusal refused) {
  Call& call = Begin(std::move(path), std::move(answered), false);
  call.on_refusal = std::move(refused);
  AppendFramed(call.outgoing, message);
  Submit(call);
}

GrpcConnection::Call& GrpcConnection::Open(std::string path, OnMessage on_message) {
  Call& call = Begin(std::move(path), std::move(on_message), true);
  Submit(call);
  return call;
}

void GrpcConnection::Submit(Call& call) {
  const std::array<nghttp2_nv, 6> headers{
      {Header(":method", "POST"), Header(":scheme", "http"), Header(":path", call.path),
       Header(":authority", "localhost"), Header("te", "trailers"),
       Header("content-type", "application/grpc")}};
  nghttp2_data_provider provider{};
  provider.source.ptr = &call;
  provider.read_callback = Read;
  call.id = nghttp2_submit_request(session_.get(), nullptr, headers.data(), headers.size(),
                                   &provider, &call);
  if (call.id < 0) {
    throw Failure(call.path + ": " + nghttp2_strerror(call.id));
  }
}

void GrpcConnection::Write(Call& stream, std::string_view message) {
  const bool waits = stream.outgoing.empty();
  AppendFramed(stream.outgoing, message);
  if (waits) {
    // It says no where the stream has not begun yet: it asks for data when it does.
    nghttp2_session_resume_data(session_.get(), stream.id);
  }
}

void GrpcConnection::Received(std::string_view bytes) {
  const ssize_t taken = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (thrown_) {
    std::rethrow_exception(std::exchange(thrown_, nullptr));
  }
  if (taken < 0) {
    throw Failure(std::string("what came is no HTTP/2: ") +
                  nghttp2_strerror(static_cast<int>(taken)));
  }
}

void GrpcConnection::Send(std::string& out) {
  const std::uint8_t* bytes = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0) {
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  if (size < 0) {
    throw Failure(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(size)));
  }
}

void GrpcConnection::TakeData(Call& call, std::string_view bytes) {
  call.incoming.append(bytes);
  if (!call.is_stream) {
    return;
  }
  std::string_view rest = call.incoming;
  while (rest.size() >= prefix_bytes) {
    std::size_t size = 0;
    for (std::size_t i = 1; i < prefix_bytes; ++i) {
      size = size << 8 | static_cast<unsigned char>(rest[i]);
    }
    if (rest.size() < prefix_bytes + size) {
      break;
    }
    call.on_message(rest.substr(prefix_bytes, size));
    rest.remove_prefix(prefix_bytes + size);
  }
  call.incoming.erase(0, call.incoming.size() - rest.size());
}

void GrpcConnection::End(Call& call) {
  if (call.status != 0 || call.is_stream) {
    call.refusal.text = call.path + " ended with gRPC status " + std::to_string(call.status) + " " +
                        call.refusal.text;
    if (!call.on_refusal) {
      throw Failure(call.refusal.text);
    }
    call.on_refusal(call.refusal);
    return;
  }
  if (call.incoming.size() < prefix_bytes) {
    throw Failure(call.path + " ended well, without an answer");
  }
  call.on_message(std::string_view(call.incoming).substr(prefix_bytes));
}

ssize_t GrpcConnection::Read(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source* source, void*) {
  auto& call = *static_cast<Call*>(source->ptr);
  if (call.outgoing.empty()) {
    return NGHTTP2_ERR_DEFERRED;
  }
  const std::size_t count = std::min(size, call.outgoing.size() - call.sent);
  std::memcpy(buffer, call.outgoing.data() + call.sent, count);
  call.sent += count;
  if (call.sent == call.outgoing.size()) {
    call.outgoing.clear();
    call.sent = 0;
    if (!call.is_stream) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
  }
  return static_cast<ssize_t>(count);
}

int GrpcConnection::OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                             const std::uint8_t* name, std::size_t name_size,
                             const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                             void*) {
  Call* const call = CallOf(session, frame->hd.stream_id);
  if (call == nullptr) {
    return 0;
  }
  const std::string_view header = Text(name, name_size);
  const std::string text(Text(value, value_size));
  if (header == "grpc-status") {
    call->status = std::atoi(text.c_str());
  } else if (header == "grpc-message") {
    call->refusal.text = text;
  } else if (header == "session-status") {
    call->refusal.status = std::atoi(text.c_str());
  } else if (header == "retry-after-ms") {
    call->refusal.retry_after_ms =
        static_cast<std::uint32_t>(std::strtoul(text.c_str(), nullptr, 10));
  }
  return 0;
}

template <class Action>
int GrpcConnection::Guarded(Action action) {
  try {
    action();
    return 0;
  } catch (...) {
    thrown_ = std::current_exception();
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
}

int GrpcConnection::OnData(nghttp2_session* session, std::uint8_t, std::int32_t stream,
                           const std::uint8_t* data, std::size_t size, void* self) {
  auto& connection = *static_cast<GrpcConnection*>(self);
  Call* const call = CallOf(session, stream);
  return connection.Guarded([&] {
    if (call != nullptr) {
      connection.TakeData(*call, Text(data, size));
    }
  });
}

int GrpcConnection::OnClose(nghttp2_session* session, std::int32_t stream, std::uint32_t,
                            void* self) {
  auto& connection = *static_cast<GrpcConnection*>(self);
  Call* const call = CallOf(session, stream);
  return connection.Guarded([&] {
    if (call != nullptr) {
      const auto ended = connection.calls_.extract(call);
      connection.End(*call);
    }
  });
}

}  // namespace load
