// The receiver's side of fencing: nothing from an older epoch once a newer one was seen.

#include <atomic>
#include <interop_sessions/interop_sessions.hpp>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace interop::sessions::tests {
namespace {

TEST(Fence, Accepts_an_epoch_again_and_again) {
  fence receiver;
  EXPECT_TRUE(receiver.accept(5));
  EXPECT_TRUE(receiver.accept(5));
}

TEST(Fence, Accepts_nothing_older_than_it_has_seen) {
  fence receiver;
  EXPECT_TRUE(receiver.accept(5));
  EXPECT_TRUE(receiver.accept(6));
  EXPECT_FALSE(receiver.accept(5));
  EXPECT_EQ(receiver.highest_epoch(), 6U);
}

TEST(Fence, Never_accepts_epoch_zero) {
  fence receiver;
  EXPECT_FALSE(receiver.accept(0));
}

TEST(Fence, Goes_on_from_what_was_saved) {
  fence receiver(9);
  EXPECT_FALSE(receiver.accept(8));
  EXPECT_TRUE(receiver.accept(9));
}

TEST(Fence, Hammered_by_senders_never_goes_back) {
  constexpr std::uint64_t kEpochs = 20000;
  fence receiver;
  std::atomic<std::uint64_t> accepted = 0;  // an epoch whose accept() returned yes
  std::atomic<std::uint64_t> went_back = 0;
  std::vector<std::thread> senders;
  for (std::uint64_t sender = 0; sender < 4; sender++) {
    senders.emplace_back([&, sender] {
      for (std::uint64_t epoch = 1 + sender % 2; epoch <= kEpochs; epoch++) {
        const std::uint64_t before = accepted;
        if (receiver.accept(epoch)) {
          went_back += epoch < before ? 1 : 0;
          std::uint64_t seen = accepted;
          while (epoch > seen && !accepted.compare_exchange_weak(seen, epoch)) {
          }
        }
      }
    });
  }
  for (std::thread& sender : senders) {
    sender.join();
  }
  EXPECT_EQ(went_back, 0U);
  EXPECT_EQ(receiver.highest_epoch(), kEpochs);
}

}  // namespace
}  // namespace interop::sessions::tests
