#include "chunkserver/run_chunk_server_main.hpp"

int main(int argc, char** argv) { return chunkserver::RunChunkServerMain(argc, argv); }
