#pragma once

namespace chunkserver {

// The whole program, from command line to exit code: 0 stopped as asked, 1 failed, 2 bad options.
int RunChunkServerMain(int argc, char** argv);

}  // namespace chunkserver
