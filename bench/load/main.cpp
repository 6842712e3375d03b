// The load generator of bench/run: one work on one peer, and one line of JSON with what it took.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "echo_server.hpp"
#include "failure.hpp"
#include "floors.hpp"
#include "now.hpp"
#include "offer.hpp"
#include "process.hpp"
#include "stage.hpp"
#include "works.hpp"

namespace load {
namespace {

struct CpuNow {
  double server_s;
  double load_s;
  double all_s;

  static CpuNow Of(pid_t server) {
    return {CpuSeconds(server), CpuSeconds(getpid()), CpuSecondsOfAll()};
  }
};

// Works that go on for a given time.
void Measure(Stage& stage, Work& work, std::size_t slots) {
  const Options& options = stage.options;
  stage.pacing.Begin(work, slots);
  stage.pacing.Run(options.warm_up_s);
  stage.pacing.TakeTimes();
  const CpuNow before = CpuNow::Of(options.process);
  const std::uint64_t begin_ns = NowNs();
  stage.pacing.Run(options.measured_s);
  const double seconds = static_cast<double>(NowNs() - begin_ns) / 1e9;
  const CpuNow after = CpuNow::Of(options.process);
  const Histogram times = stage.pacing.TakeTimes();
  const double server_s = after.server_s - before.server_s;
  const double load_s = after.load_s - before.load_s;
  std::printf(
      "{\"operations\": %zu, \"seconds\": %.4f, \"p50_us\": %.1f, \"p99_us\": %.1f, "
      "\"server_cpu_s\": %.2f, \"load_cpu_s\": %.2f, \"others_cpu_s\": %.2f}\n",
      times.Count() * options.batch, seconds, static_cast<double>(times.Quantile(0.5)) / 1e3,
      static_cast<double>(times.Quantile(0.99)) / 1e3, server_s, load_s,
      after.all_s - before.all_s - server_s - load_s);
}

// Works that end by themselves and leave something in the peer's memory.
void PrintGrowth(const Stage& stage, std::uint64_t before_bytes) {
  std::printf("{\"sessions\": %zu, \"before_bytes\": %llu, \"after_bytes\": %llu}\n",
              stage.options.sessions, static_cast<unsigned long long>(before_bytes),
              static_cast<unsigned long long>(ResidentBytes(stage.options.process)));
}

// Sessions that hold their connections.
void Hold(Stage& stage) {
  const std::uint64_t before_bytes = ResidentBytes(stage.options.process);
  stage.Arrive(stage.options.sessions, 1);
  stage.Idle(stage.options.settle_s);
  PrintGrowth(stage, before_bytes);
}

// Sessions with an item each, whose connections are gone.
void Fill(Stage& stage) {
  const std::uint64_t before_bytes = ResidentBytes(stage.options.process);
  Creates creates(stage, std::string(item_bytes, '.'), stage.options.sessions);
  stage.Dial(stage.options.connections);
  stage.pacing.RunAll(creates, stage.Count());
  stage.HangUp();
  stage.Idle(stage.options.settle_s);
  PrintGrowth(stage, before_bytes);
}

void Run(Stage& stage) {
  const Options& options = stage.options;
  const std::size_t slots = options.connections * options.in_flight;
  if (options.work == "hold") {
    Hold(stage);
  } else if (options.work == "fill") {
    Fill(stage);
  } else if (options.work == "create") {
    stage.Dial(options.connections);
    Creates creates(stage, {});
    Measure(stage, creates, slots);
  } else if (options.work == "renew") {
    // Where a session is its connection, all that is in flight renews that one.
    stage.Arrive(options.connections,
                 options.kind->is_one_session_a_connection ? 1 : options.in_flight * options.batch);
    Renewals renewals(stage);
    Measure(stage, renewals, slots);
  } else if (options.work == "set") {
    stage.Arrive(options.connections, 1);
    Items items(stage);
    Measure(stage, items, slots);
  } else {
    throw Failure("--work " + options.work + ": it is renew, create, set, hold, fill or offer");
  }
}

int Main(int count, char** arguments) {
  const std::string first = count > 1 ? arguments[1] : "";
  if (first == "echo-server") {
    return RunEchoServer();
  }
  if (first == "floors") {
    PrintFloors(count > 2 ? arguments[2] : ".");
    return 0;
  }
  const Options options = Options::Read(count, arguments);
  if (options.work == "offer") {
    Offer(options).Run().Print();
    return 0;
  }
  Stage stage(options);
  Run(stage);
  return 0;
}

}  // namespace
}  // namespace load

int main(int count, char** arguments) {
  try {
    return load::Main(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
