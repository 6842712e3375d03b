#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace load {

// Times in nanoseconds, each to within a sixty-fourth: 64 buckets for each power of two, as in
// HdrHistogram.
class Histogram {
 public:
  void Add(std::uint64_t value_ns) {
    ++buckets_[BucketOf(value_ns)];
    ++count_;
  }

  std::uint64_t Count() const { return count_; }

  // The least value that so large a part of all values does not exceed.
  std::uint64_t Quantile(double part) const {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
      seen += buckets_[bucket];
      if (seen > wanted) {
        return ValueOf(bucket);
      }
    }
    return 0;
  }

 private:
  static constexpr unsigned fine_bits = 6;
  static constexpr std::uint64_t fine = 1 << fine_bits;

  static std::size_t BucketOf(std::uint64_t value) {
    if (value < fine) {
      return value;
    }
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - fine_bits - 1;
    return (shift + 1) * fine + ((value >> shift) - fine);
  }

  static std::uint64_t ValueOf(std::size_t bucket) {
    if (bucket < fine) {
      return bucket;
    }
    const std::size_t shift = bucket / fine - 1;
    return (fine + bucket % fine) << shift;
  }

  std::array<std::uint64_t, (64 - fine_bits + 1) * fine> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace load
