/* A program in C of somebody who links the library. */

#include <interop_sessions/interop_sessions.h>
#include <stdio.h>

int main(void) {
  const unsigned version = (unsigned)interop_sessions_abi_version();
  printf("consumer in C: ABI %u.%u\n", version >> 16, version & 0xffffU);
  return version >> 16 == INTEROP_SESSIONS_ABI_MAJOR ? 0 : 1;
}
