// The lease word in memory of the host's: another process on the data path reads it there.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// Shared memory with room for some words.
class SharedWords {
 public:
  SharedWords() : file_(memfd_create("leases", MFD_CLOEXEC)) {
    if (file_ < 0 || ftruncate(file_, kBytes) != 0) {
      throw std::runtime_error("no memory to share");
    }
    void* const mapped = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (mapped == MAP_FAILED) {
      throw std::runtime_error("no memory to share");
    }
    words_ = static_cast<interop_sessions_lease*>(mapped);
  }

  ~SharedWords() {
    munmap(words_, kBytes);
    close(file_);
  }

  SharedWords(const SharedWords&) = delete;
  SharedWords& operator=(const SharedWords&) = delete;

  interop_sessions_lease* at(size_t i) const { return words_ + i; }

  /// What a process that has only this memory says of a word. It is another than this one, so it maps the
  /// memory anew.
  bool IsValidElsewhere(size_t i, uint64_t epoch) const {
    const pid_t reader = fork();
    if (reader == 0) {
      void* const mapped = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, file_, 0);
      const auto* words = static_cast<const interop_sessions_lease*>(mapped);
      _exit(mapped != MAP_FAILED && interop_sessions_lease_valid(words + i, epoch) ? 0 : 1);
    }
    int status = 0;
    waitpid(reader, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  static constexpr size_t kBytes = 4096;
  int file_;
  interop_sessions_lease* words_ = nullptr;
};

class LeaseMemoryTest : public ::testing::Test {
 protected:
  interop_sessions_status Create(interop_sessions_lease* lease, interop_sessions_follower* made) {
    const std::string identity = objects_.FreshIdentity();
    auto options = Sized<interop_sessions_follower_options>();
    options.identity = Text(identity);
    options.lease = lease;
    return interop_sessions_follower_create(objects_.manager, &options, made, &error_);
  }

  SharedWords words_;  // it must stay for as long as the followers
  LiveObjects objects_;
  Error error_;
};

TEST_F(LeaseMemoryTest, Is_read_by_another_process_and_refuses_there_after_the_close) {
  interop_sessions_follower follower = {};
  ASSERT_EQ(Create(words_.at(1), &follower), INTEROP_SESSIONS_OK) << error_.message;
  const interop_sessions_lease* lease = nullptr;
  ASSERT_EQ(interop_sessions_follower_lease(follower, &lease, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(lease, words_.at(1));
  const auto item = Sized<interop_sessions_session_item>();
  auto session = Sized<interop_sessions_session_info>();
  Require(interop_sessions_follower_create_session(follower, &item, Within(PatienceMs()), &session,
                                                   &error_),
          error_);
  EXPECT_TRUE(words_.IsValidElsewhere(1, session.epoch));
  EXPECT_FALSE(words_.IsValidElsewhere(1, session.epoch + 1));
  EXPECT_FALSE(words_.IsValidElsewhere(0, session.epoch));
  EXPECT_EQ(lease->version, 1U);
  EXPECT_EQ(lease->state, INTEROP_SESSIONS_STATE_ALIVE);

  ASSERT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_FALSE(words_.IsValidElsewhere(1, session.epoch));
  EXPECT_EQ(lease->epoch, 0U);
  const interop_sessions_lease untouched = {};
  EXPECT_EQ(std::memcmp(words_.at(0), &untouched, sizeof(untouched)), 0);
  EXPECT_EQ(std::memcmp(words_.at(2), &untouched, sizeof(untouched)), 0);
}

TEST_F(LeaseMemoryTest, That_is_in_use_or_lies_wrong_is_refused) {
  interop_sessions_follower first = {};
  ASSERT_EQ(Create(words_.at(0), &first), INTEROP_SESSIONS_OK) << error_.message;
  const auto item = Sized<interop_sessions_session_item>();
  Require(interop_sessions_follower_create_session(first, &item, Within(PatienceMs()), nullptr,
                                                   &error_),
          error_);
  interop_sessions_follower second = {};
  EXPECT_EQ(Create(words_.at(0), &second), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error_.Mentions("lease")) << error_.message;
  auto* const unaligned = reinterpret_cast<interop_sessions_lease*>(
      reinterpret_cast<char*>(words_.at(2)) + 8);
  EXPECT_EQ(Create(unaligned, &second), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error_.Mentions("multiple of 64")) << error_.message;
}

}  // namespace
}  // namespace interop::sessions::tests
