#include "floors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "failure.hpp"
#include "histogram.hpp"
#include "now.hpp"

namespace load {
namespace {

constexpr int writes = 500;
constexpr int write_bytes = 256;
constexpr int calls = 20'000'000;

// What a log of one commit at a time does: a small write, and the wait for the disk. `is_allocated`:
// into a file that has its size already, as logs that are used again do; else the file grows.
Histogram MeasureWrites(const std::string& folder, bool is_allocated) {
  std::string path = folder + "/floor.XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) {
    throw Failure("no file can be made in " + folder);
  }
  unlink(path.c_str());
  const std::string text(write_bytes, 'x');
  const std::string whole(write_bytes * std::size_t{writes}, 'x');
  if (is_allocated && (pwrite(file, whole.data(), whole.size(), 0) < 0 || fsync(file) != 0)) {
    throw Failure("a write to " + folder + " fails");
  }
  Histogram times;
  for (int i = 0; i < writes; ++i) {
    const std::uint64_t begin_ns = NowNs();
    if (write(file, text.data(), text.size()) != write_bytes || fdatasync(file) != 0) {
      throw Failure("a write to " + folder + " fails");
    }
    times.Add(NowNs() - begin_ns);
  }
  close(file);
  return times;
}

double Us(std::uint64_t ns) { return static_cast<double>(ns) / 1e3; }

template <class Call>
double NsACall(Call call) {
  const std::uint64_t begin_ns = NowNs();
  for (int i = 0; i < calls; ++i) {
    call();
  }
  return static_cast<double>(NowNs() - begin_ns) / calls;
}

class Callee {
 public:
  virtual ~Callee() = default;
  virtual void Call() = 0;
};

// Two, so that the compiler cannot know which is called.
template <int step>
class Counter : public Callee {
 public:
  void Call() override { count_ = count_ + step; }

 private:
  volatile int count_ = 0;
};

}  // namespace

void PrintFloors(const std::string& folder) {
  const Histogram grows = MeasureWrites(folder, false);
  const Histogram stays = MeasureWrites(folder, true);
  Counter<1> ones;
  Counter<2> twos;
  Callee* volatile callee = getpid() > 1 ? static_cast<Callee*>(&ones) : &twos;
  const double virtual_ns = NsACall([&] { callee->Call(); });
  const double clock_ns = NsACall([] {
    timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
  });
  std::printf(
      "{\"append_p50_us\": %.1f, \"append_p99_us\": %.1f, \"overwrite_p50_us\": %.1f, "
      "\"overwrite_p99_us\": %.1f, \"virtual_call_ns\": %.2f, \"clock_gettime_ns\": %.2f}\n",
      Us(grows.Quantile(0.5)), Us(grows.Quantile(0.99)), Us(stays.Quantile(0.5)),
      Us(stays.Quantile(0.99)), virtual_ns, clock_ns);
}

}  // namespace load
