#pragma once

namespace load {

// Sends back whatever comes, on any port of loopback, which it prints; until its input ends.
int RunEchoServer();

}  // namespace load
