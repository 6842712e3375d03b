#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "peers/peer.hpp"

namespace load {

// Calls of gRPC over HTTP/2, in the clear, on a connection whose bytes others carry.
class GrpcConnection {
 public:
  using OnMessage = std::function<void(std::string_view)>;
  using OnRefusal = std::function<void(const Refusal&)>;

  // A call that is under way.
  struct Call {
    std::string path;
    OnMessage on_message;
    // Empty: a refusal ends the run.
    OnRefusal on_refusal;
    bool is_stream;
    std::int32_t id = 0;
    std::string outgoing;
    std::size_t sent = 0;
    std::string incoming;
    int status = -1;
    Refusal refusal;
  };

  GrpcConnection();
  GrpcConnection(const GrpcConnection&) = delete;
  GrpcConnection& operator=(const GrpcConnection&) = delete;

  // One message there and one back: `answered` has it once the call has ended well.
  void Ask(std::string path, std::string_view message, OnMessage answered, OnRefusal refused = {});
  // Any number of messages each way.
  Call& Open(std::string path, OnMessage on_message);
  void Write(Call& stream, std::string_view message);

  void Received(std::string_view bytes);
  void Send(std::string& out);

 private:
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  Call& Begin(std::string path, OnMessage on_message, bool is_stream);
  void Submit(Call& call);
  void TakeData(Call& call, std::string_view bytes);
  void End(Call& call);

  static ssize_t Read(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source* source, void*);
  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                      const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                      std::size_t value_size, std::uint8_t, void*);
  static int OnData(nghttp2_session* session, std::uint8_t, std::int32_t stream,
                    const std::uint8_t* data, std::size_t size, void* self);
  static int OnClose(nghttp2_session* session, std::int32_t stream, std::uint32_t error,
                     void* self);

  // No exception passes through C: it waits here.
  template <class Action>
  int Guarded(Action action);

  std::unique_ptr<nghttp2_session, Delete> session_;
  std::unordered_map<Call*, std::unique_ptr<Call>> calls_;
  std::exception_ptr thrown_;
};

}  // namespace load
