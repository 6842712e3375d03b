#pragma once

#include <interop_sessions/api.hpp>

namespace harness {

// The linked library for servers that share a process and each believe that they are alone in it:
// the first to initialise starts the library, the last to shut down ends it. It logs nothing, for a
// log would belong to whoever came first.
interop::sessions::api OneLibrary();

}  // namespace harness
