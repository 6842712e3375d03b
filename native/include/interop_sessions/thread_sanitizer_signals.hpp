// thread_sanitizer_signals: the collector's signal under ThreadSanitizer, which holds signals back and
// shows their handlers where a thread was, not where it is. The collector, which stops threads with
// that signal, would then walk frames that are gone, and abort the process.
#pragma once

#include "thread_sanitizer.hpp"

#ifdef INTEROP_SESSIONS_THREAD_SANITIZER
#include <link.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#endif

INTEROP_SESSIONS_BEGIN
namespace detail {

#ifdef INTEROP_SESSIONS_THREAD_SANITIZER

using signal_handler = void (*)(int, siginfo_t*, void*);

// struct sigaction as the kernel has it; past the handler it is passed on as it was.
struct kernel_signal_action {
  signal_handler handler;
  unsigned char rest[56];
};

constexpr std::size_t kernel_signal_set_size = 8;

struct collector_signal {
  signal_handler runtime = nullptr;    // the library's
  signal_handler held_back = nullptr;  // ThreadSanitizer's, in front of it
  std::uintptr_t code_begin = 0;
  std::uintptr_t code_end = 0;

  // No thread is inside ThreadSanitizer while it runs the library's own code: there, at once is safe.
  // Elsewhere the collector needs no more than to know that its signal came.
  [[gnu::no_sanitize_thread]] static void deliver(int number, siginfo_t* info,
                                                  void* context) noexcept {
    const collector_signal& known = instance();
    const auto* interrupted = static_cast<const ucontext_t*>(context);
#if defined(__x86_64__)
    const auto at = static_cast<std::uintptr_t>(interrupted->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    const auto at = static_cast<std::uintptr_t>(interrupted->uc_mcontext.pc);
#endif
    const bool in_library = at >= known.code_begin && at < known.code_end;
    (in_library ? known.runtime : known.held_back)(number, info, context);
  }

  [[gnu::no_sanitize_thread]] static collector_signal& instance() noexcept {
    static collector_signal known;  // initialised before any code runs, so without a guard
    return known;
  }
};

inline int find_code_of_collector_signal(dl_phdr_info* module, std::size_t, void* data) {
  auto& known = *static_cast<collector_signal*>(data);
  const auto handler = reinterpret_cast<std::uintptr_t>(known.runtime);
  for (int i = 0; i < module->dlpi_phnum; i++) {
    const auto& segment = module->dlpi_phdr[i];
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && handler >= begin && handler < begin + segment.p_memsz) {
      known.code_begin = begin;
      known.code_end = begin + segment.p_memsz;
      return 1;
    }
  }
  return 0;
}

// After the first call into the library, which installs the handler. The kernel is asked and told
// directly: sigaction() is ThreadSanitizer's. A second call does nothing; the users of the library in a
// process may make the first call at the same time.
inline void deliver_collector_signal_at_once() noexcept {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  collector_signal& known = collector_signal::instance();
  struct sigaction runtime = {};
  kernel_signal_action installed = {};
  if (known.runtime != nullptr || sigaction(SIGRTMIN, nullptr, &runtime) != 0 ||
      (runtime.sa_flags & SA_SIGINFO) == 0 ||
      syscall(SYS_rt_sigaction, SIGRTMIN, nullptr, &installed, kernel_signal_set_size) != 0) {
    return;
  }
  known.runtime = runtime.sa_sigaction;
  known.held_back = installed.handler;
  dl_iterate_phdr(&find_code_of_collector_signal, &known);
  installed.handler = &collector_signal::deliver;
  syscall(SYS_rt_sigaction, SIGRTMIN, &installed, nullptr, kernel_signal_set_size);
}

#else

inline void deliver_collector_signal_at_once() noexcept {}

#endif

}  // namespace detail
INTEROP_SESSIONS_END
