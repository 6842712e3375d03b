// A program that loads the library with dlopen.

#include <cstdio>
#include <interop_sessions/interop_sessions.hpp>

int main(int, char** arguments) {
  const auto functions = interop::sessions::api::load(arguments[1]);
  std::puts(functions ? "loader: loaded it" : functions.error().message.c_str());
  return functions ? 0 : 1;
}
