// Makes every call of every function of a table fail once, each time in fresh processes, and prints how it
// ended. Ends in "N passed, N failed".
//
// usage: inject LIFE INJECTOR SESSION-MASTER [--whole] [--most N] [--seed N] [--only WORDS] [--first N] [--show] [--write FILE]
//   --whole        every n, and not a sample of them
//   --most N       so many n of each row, spread over all, or every one where there are fewer
//   --seed N       which sample
//   --only WORDS   the rows whose text contains WORDS
//   --first N      this n alone
//   --show         what was said, of each
//   --write FILE   every n, and if all ended well or as is known, the table into this document

#include <errno.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "inject/known_endings.h"
#include "inject/trial.h"

namespace interop::sessions::tests {

namespace {

constexpr uint64_t kForEver = 1'000'000'000;
constexpr const char* kBoth = "both sides";
constexpr const char* kMaster = "session-master";

/// A row of the table.
struct Row {
  Injection injection;
  int sample;  // how many n a short run tries
};

#define FAILS(program, call, name, count, sample) \
  Row { {program, call, #name, name, 0, count}, sample }

const std::vector<Row> kRows = {
    FAILS(kBoth, "pthread_create", EAGAIN, 1, 12),
    FAILS(kBoth, "pthread_create", EAGAIN, kForEver, 4),
    FAILS(kBoth, "open", EMFILE, 1, 6),
    FAILS(kBoth, "open", ENOSPC, 1, 2),
    FAILS(kBoth, "socket", EMFILE, 1, 3),
    FAILS(kBoth, "socket", EMFILE, kForEver, 1),
    FAILS(kBoth, "bind", EADDRNOTAVAIL, 1, 1),
    FAILS(kBoth, "listen", ENOBUFS, 1, 1),
    FAILS(kBoth, "connect", EAGAIN, 1, 2),
    FAILS(kBoth, "accept", EMFILE, 1, 3),
    FAILS(kBoth, "accept", ENFILE, kForEver, 1),
    FAILS(kBoth, "send", ENOBUFS, 1, 4),
    FAILS(kBoth, "recv", ENOMEM, 1, 4),
    FAILS(kBoth, "mmap", ENOMEM, 1, 8),
    FAILS(kBoth, "mprotect", ENOMEM, 1, 4),
    FAILS(kBoth, "read", EIO, 1, 6),
    FAILS(kBoth, "write", ENOSPC, 1, 6),
    FAILS(kBoth, "write", EIO, 1, 4),
    FAILS(kBoth, "write", ENOSPC, kForEver, 2),
    FAILS(kBoth, "fsync", EIO, 1, 6),
    FAILS(kBoth, "fsync", EIO, kForEver, 2),
    FAILS(kBoth, "ftruncate", EIO, 1, 1),
    FAILS(kBoth, "statx", EIO, 1, 4),
    FAILS(kBoth, "epoll_create", EMFILE, 1, 1),
    FAILS(kBoth, "epoll_ctl", ENOSPC, 1, 3),
    FAILS(kBoth, "getrandom", EAGAIN, 1, 2),
    FAILS(kMaster, "pthread_create", EAGAIN, 1, 8),
    FAILS(kMaster, "open", EMFILE, 1, 4),
    FAILS(kMaster, "socket", EMFILE, 1, 2),
    FAILS(kMaster, "accept", EMFILE, 1, 2),
    FAILS(kMaster, "mmap", ENOMEM, 1, 6),
    FAILS(kMaster, "write", ENOSPC, 1, 6),
    FAILS(kMaster, "fsync", EIO, 1, 4),
    FAILS(kMaster, "epoll_create", EMFILE, 1, 1),
    FAILS(kMaster, "pipe", EMFILE, 1, 1),
    FAILS(kMaster, "getrandom", EAGAIN, 1, 1),
};

#undef FAILS

/// A life writes thousands of pages and frames, one as the other: so many of each row are tried for the table.
constexpr uint64_t kMostWritten = 250;

struct Options {
  Programs programs;
  uint64_t most = 0;  // of each row; 0: as many as the row says
  bool show = false;
  uint64_t seed = 0;
  uint64_t only_first = 0;
  std::string only;
  std::string document;  // where the table is written; empty: nowhere
};

std::string TextOf(const Injection& injection) {
  return injection.program + " " + injection.call + " " + injection.error_name +
         (injection.count == 1 ? "" : " from then on");
}

std::string TextOf(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kWell:
      return "well";
    case Outcome::Kind::kBroken:
      return "a promise was broken";
    case Outcome::Kind::kCrashed:
      return std::string("ended by ") + strsignal(outcome.signal);
    case Outcome::Kind::kHung:
      return "hung";
  }
  return "";
}

const KnownEnding* KnownOf(const Injection& injection, const Outcome& outcome) {
  for (const KnownEnding& known : kKnownEndings) {
    if (injection.program == known.program && injection.call == known.call &&
        outcome.kind == known.kind && outcome.stage == known.stage &&
        (known.said == kNothing ? outcome.output.empty()
                                : outcome.output.find(known.said) != std::string::npos)) {
      return &known;
    }
  }
  return nullptr;
}

/// A stride through all n, from a random beginning.
std::vector<uint64_t> Chosen(const Options& options, const Row& row, uint64_t calls) {
  if (options.only_first != 0) {
    return {options.only_first};
  }
  const uint64_t wanted =
      std::min(calls, options.most != 0 ? options.most : static_cast<uint64_t>(row.sample));
  std::vector<uint64_t> chosen;
  if (wanted > 0) {
    const double stride = static_cast<double>(calls) / static_cast<double>(wanted);
    std::mt19937_64 random(options.seed);
    const double begin = std::uniform_real_distribution<double>(0, stride)(random);
    for (uint64_t i = 0; i < wanted; i++) {
      chosen.push_back(
          1 + std::min<uint64_t>(calls - 1,
                                 static_cast<uint64_t>(begin + stride * static_cast<double>(i))));
    }
  }
  return chosen;
}

struct Tally {
  int well = 0;
  int known = 0;
  int failed = 0;
  int reached = 0;  // in so many a call did fail
};

/// Of one row: counts, then tries the chosen n, on as many processors as there are.
class Trials {
 public:
  Trials(const Options& options, const Row& row) : options_(options), row_(row) {}

  Tally Run() {
    const Outcome counted = Try(options_.programs, row_.injection);
    calls_ = counted.calls;
    if (counted.kind != Outcome::Kind::kWell) {
      Tell(row_.injection, counted, nullptr);
      return tally_;
    }
    const std::vector<uint64_t> chosen = Chosen(options_, row_, calls_);
    tried_ = chosen.size();
    std::atomic<size_t> next = 0;
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); i++) {
      workers.emplace_back([&] {
        for (size_t at = next++; at < chosen.size(); at = next++) {
          FailAt(chosen[at]);
        }
      });
    }
    for (std::thread& worker : workers) {
      worker.join();
    }
    // Lives differ by a call or two: one that was to fail near the end may never be made. The first always is.
    if (tally_.reached == 0 && options_.only_first == 0) {
      FailAt(1);
      tried_++;
    }
    if (tally_.reached == 0) {
      std::cout << "FAILED: " << TextOf(row_.injection) << ": no call failed, so nothing is shown"
                << std::endl;
      tally_.failed++;
    }
    return tally_;
  }

  /// Of what ended as is known.
  const std::set<std::string>& reasons() const { return reasons_; }

  uint64_t calls() const { return calls_; }
  uint64_t tried() const { return tried_; }

 private:
  /// A life of which the n-th call fails.
  void FailAt(uint64_t n) {
    Injection injection = row_.injection;
    injection.first = n;
    const Outcome outcome = Try(options_.programs, injection);
    Tell(injection, outcome, KnownOf(injection, outcome));
  }

  void Tell(const Injection& injection, const Outcome& outcome, const KnownEnding* known) {
    const std::lock_guard lock(lock_);
    const bool is_well = outcome.kind == Outcome::Kind::kWell;
    tally_.reached += outcome.was_reached ? 1 : 0;
    tally_.well += is_well ? 1 : 0;
    tally_.known += !is_well && known != nullptr ? 1 : 0;
    tally_.failed += !is_well && known == nullptr ? 1 : 0;
    if (options_.show || (!is_well && known == nullptr)) {
      std::cout << (is_well            ? ""
                    : known == nullptr ? "FAILED: "
                                       : "known: ")
                << TextOf(injection) << ", n = " << injection.first << ": " << TextOf(outcome)
                << "; in '" << outcome.stage << "', on " << outcome.thread << "\n  at "
                << outcome.where << "\n"
                << outcome.output << std::endl;
    }
    if (known != nullptr) {
      reasons_.insert(known->reason);
    }
  }

  const Options& options_;
  const Row& row_;
  std::mutex lock_;
  Tally tally_;
  std::set<std::string> reasons_;
  uint64_t calls_ = 0;
  uint64_t tried_ = 0;
};

bool Read(int count, char** arguments, Options& options) {
  if (count < 4) {
    return false;
  }
  options.programs = {arguments[1], arguments[2], arguments[3]};
  options.seed = std::random_device()();
  for (int i = 4; i < count; i++) {
    const std::string argument = arguments[i];
    const bool has_more = i + 1 < count;
    if (argument == "--whole") {
      options.most = std::numeric_limits<uint64_t>::max();
    } else if (argument == "--most" && has_more) {
      options.most = std::stoull(arguments[++i]);
    } else if (argument == "--show") {
      options.show = true;
    } else if (argument == "--seed" && has_more) {
      options.seed = std::stoull(arguments[++i]);
    } else if (argument == "--first" && has_more) {
      options.only_first = std::stoull(arguments[++i]);
    } else if (argument == "--only" && has_more) {
      options.only = arguments[++i];
    } else if (argument == "--write" && has_more) {
      options.document = arguments[++i];
    } else {
      return false;
    }
  }
  if (!options.document.empty() && options.most == 0) {
    options.most = kMostWritten;
  }
  return options.document.empty() || (options.only.empty() && options.only_first == 0);
}

/// Puts the table where the document has it.
void Write(const std::string& path, const std::string& table) {
  const std::string begin = "<!-- inject: begin; written by tests/Inject/run --write -->\n";
  const std::string end = "<!-- inject: end -->";
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  std::string document = text.str();
  const size_t from = document.find(begin);
  const size_t to = document.find(end);
  if (from == std::string::npos || to == std::string::npos) {
    throw std::runtime_error(path + " has no place for the table: " + begin);
  }
  document.replace(from + begin.size(), to - from - begin.size(), table);
  std::ofstream(path) << document;
}

int Run(const Options& options) {
  int passed = 0;
  int failed = 0;
  std::stringstream table;
  table << "| program | what fails | calls | tried | well | ended as is known |\n"
        << "|---|---|---|---|---|---|\n";
  std::cout << "seed " << options.seed << "\n"
            << "| program | what fails | calls | tried | well | ended as is known | failed |\n"
            << "|---|---|---|---|---|---|---|" << std::endl;
  for (const Row& row : kRows) {
    if (TextOf(row.injection).find(options.only) == std::string::npos) {
      continue;
    }
    Trials trials(options, row);
    const Tally tally = trials.Run();
    std::stringstream line;
    line << "| " << row.injection.program << " | " << row.injection.call << ": "
         << row.injection.error_name << (row.injection.count == 1 ? "" : ", from then on") << " | "
         << trials.calls() << " | " << trials.tried() << " | " << tally.well << " | " << tally.known
         << " | ";
    // Only a table without a failure is written.
    table << line.str() << "\n";
    std::cout << line.str() << tally.failed << " |" << std::endl;
    for (const std::string& reason : trials.reasons()) {
      std::cout << "  known: " << reason << std::endl;
    }
    passed += tally.failed == 0 ? 1 : 0;
    failed += tally.failed == 0 ? 0 : 1;
  }
  if (!options.document.empty() && failed == 0) {
    Write(options.document, table.str());
  }
  std::cout << passed << " passed, " << failed << " failed" << std::endl;
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace

}  // namespace interop::sessions::tests

int main(int count, char** arguments) {
  using namespace interop::sessions::tests;
  Options options;
  if (!Read(count, arguments, options)) {
    std::cerr << "usage: inject LIFE INJECTOR SESSION-MASTER [--whole] [--most N] [--seed N] "
                 "[--only WORDS] "
                 "[--first N] [--show] [--write FILE]\n";
    return 2;
  }
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  return Run(options);
}
