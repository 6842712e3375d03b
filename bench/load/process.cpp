#include "process.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "failure.hpp"

namespace load {
namespace {

std::string FileOf(pid_t process, const char* name) {
  std::ifstream file("/proc/" + std::to_string(process) + "/" + name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) {
    throw Failure("the peer's process " + std::to_string(process) + " has ended");
  }
  return text;
}

}  // namespace

double CpuSeconds(pid_t process) {
  // Behind the name, which may have any character, up to utime and stime, the 14th and 15th.
  const std::string text = FileOf(process, "stat");
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double CpuSecondsOfAll() {
  // user nice system idle iowait irq softirq steal
  std::ifstream file("/proc/stat");
  std::string skipped;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, soft = 0;
  file >> skipped >> user >> nice >> system >> idle >> waiting >> irq >> soft;
  return (user + nice + system + irq + soft) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::uint64_t ResidentBytes(pid_t process) {
  std::istringstream fields(FileOf(process, "statm"));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  fields >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace load
