#include "fuzz/guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace interop::sessions::fuzz {
namespace {

const std::size_t kPage = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));

}  // namespace

GuardedMemory::~GuardedMemory() {
  for (const Block& block : blocks_) {
    munmap(block.start, kMostBytes + kPage);
  }
}

std::uint8_t* GuardedMemory::Take(std::size_t size, std::uint8_t fill) {
  // A struct of an odd size begins where structs may, and so ends before the guard.
  const std::size_t room = size % 8 == 0 || size < 8 ? size : size + 8 - size % 8;
  if (room > kMostBytes) {
    std::abort();
  }
  if (taken_ == blocks_.size()) {
    Add();
  }
  Block& block = blocks_[taken_++];
  block.used = room;
  std::uint8_t* const start = block.start + kMostBytes - room;
  std::memset(start, fill, room);
  return start;
}

void GuardedMemory::Add() {
  void* const start = mmap(nullptr, kMostBytes + kPage, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED ||
      mprotect(static_cast<std::uint8_t*>(start) + kMostBytes, kPage, PROT_NONE) != 0) {
    std::abort();
  }
  blocks_.push_back({static_cast<std::uint8_t*>(start), 0});
}

void GuardedMemory::Scribble() {
  for (; taken_ > 0; --taken_) {
    const Block& block = blocks_[taken_ - 1];
    std::memset(block.start + kMostBytes - block.used, 0xdd, block.used);
  }
}

}  // namespace interop::sessions::fuzz
