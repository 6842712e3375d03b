#pragma once

#include <cstdint>

namespace chunkserver {

// The meaning of the capability bits is agreed between the chunk servers and the meta server; the
// session layer only carries them.
inline constexpr std::uint64_t kServesNfs = 1;
inline constexpr std::uint64_t kServesIscsi = 2;
inline constexpr std::uint64_t kReportsData = 4;

}  // namespace chunkserver
