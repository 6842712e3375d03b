/* A program of an earlier release: compiled with the header and the calls that were recorded of it, run with the library of
 * today. usage: consumer STORE */

#include <abi/every_function.h>
#include <stdio.h>

int main(int count, char** arguments) {
  if (count != 2) {
    fputs("usage: consumer STORE\n", stderr);
    return 2;
  }
  const char* failed = call_every_function(arguments[1]);
  puts(failed == NULL ? "every function works" : failed);
  return failed != NULL;
}
