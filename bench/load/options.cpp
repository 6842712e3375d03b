#include "options.hpp"

#include <array>
#include <functional>
#include <map>
#include <string_view>

#include "failure.hpp"

namespace load {
namespace {

const PeerKind* FindKind(const std::string& name) {
  for (const PeerKind* kind : {&sessions_kind, &etcd_kind, &zookeeper_kind, &echo_kind}) {
    if (kind->name == name) {
      return kind;
    }
  }
  throw Failure("--peer " + name + ": it is sessions, etcd, zookeeper or echo");
}

}  // namespace

Options Options::Read(int count, char** arguments) {
  Options options;
  const std::map<std::string_view, std::function<void(const std::string&)>> readers{
      {"--peer", [&](const std::string& text) { options.kind = FindKind(text); }},
      {"--work", [&](const std::string& text) { options.work = text; }},
      {"--port",
       [&](const std::string& text) {
         options.port = static_cast<std::uint16_t>(std::stoul(text));
       }},
      {"--process", [&](const std::string& text) { options.process = std::stoi(text); }},
      {"--term-ms",
       [&](const std::string& text) {
         options.term_ms = static_cast<std::uint32_t>(std::stoul(text));
       }},
      {"--connections", [&](const std::string& text) { options.connections = std::stoul(text); }},
      {"--in-flight", [&](const std::string& text) { options.in_flight = std::stoul(text); }},
      {"--batch", [&](const std::string& text) { options.batch = std::stoul(text); }},
      {"--rate", [&](const std::string& text) { options.rate = std::stod(text); }},
      {"--sessions", [&](const std::string& text) { options.sessions = std::stoul(text); }},
      {"--warm-up", [&](const std::string& text) { options.warm_up_s = std::stod(text); }},
      {"--seconds", [&](const std::string& text) { options.measured_s = std::stod(text); }},
      {"--settle", [&](const std::string& text) { options.settle_s = std::stod(text); }},
  };
  for (int i = 1; i < count; i += 2) {
    const auto reader = readers.find(arguments[i]);
    if (reader == readers.end() || i + 1 == count) {
      throw Failure(std::string(arguments[i]) + ": no such option, or it has no value");
    }
    reader->second(arguments[i + 1]);
  }
  if (options.kind == nullptr) {
    throw Failure("--peer is missing");
  }
  if (options.batch > options.kind->most_in_a_batch) {
    throw Failure("so many renewals do not go into a message of this peer");
  }
  return options;
}

}  // namespace load
