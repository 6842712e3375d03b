# shellcheck shell=bash disable=SC2034 # its users read what it sets
# Sourced by the programs beside it. The library's machine code has no debug information of the structs of the header, so its shape
# is read from a library of nothing but pointers: one to each function, and one to each type. Pointers, since their own size
# stays the same when a type grows. As C++, since there the enums of the header have a type.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
header=$root/native/include/interop_sessions/interop_sessions.h
map=$root/src/Interop/interop_sessions.map
library=$root/build/library/libinterop_sessions.so.1

abi_version() { # HEADER
  sed -nE 's/^#define INTEROP_SESSIONS_ABI_(MAJOR|MINOR) ([0-9]+)$/\2/p' "$1" | paste -sd.
}

write_pointers() { # HEADER MAP
  echo '#include <interop_sessions/interop_sessions.h>'
  sed -nE 's/^ +(interop_sessions_[a-z0-9_]+);$/__typeof__(\1)* function_\1;/p' "$2"
  sed -nE 's/^(typedef struct|enum) (interop_sessions_[a-z0-9_]+)( INTEROP_SESSIONS_32_BITS)? \{$/\2* type_\2;/p' "$1"
  sed -nE 's/^typedef [a-z0-9_]+ \(\*(interop_sessions_[a-z0-9_]+)\).*/\1* type_\1;/p' "$1"
}

# A header that lacks a function of the map does not compile, and so has no shape.
write_shape() { # HEADER MAP OUTPUT.abi
  local folder status=0
  folder=$(mktemp -d)
  mkdir "$folder/interop_sessions"
  cp "$1" "$folder/interop_sessions/interop_sessions.h"
  write_pointers "$1" "$2" >"$folder/pointers.c"
  (cd "$folder" && c++ -x c++ -std=gnu++17 -g -O0 -fPIC -shared -I. pointers.c -o pointers.so) &&
    abidw --no-comp-dir-path --no-corpus-path --no-show-locs --type-id-style hash "$folder/pointers.so" >"$3" || status=1
  rm -rf "$folder"
  return "$status"
}

# What a compiled program took from the header and the linker besides: constants, and symbols with their version nodes.
list_constants() { # HEADER
  sed -nE 's/^#define (INTEROP_SESSIONS_[A-Z0-9_]+) +(.*)$/\1 \2/p' "$1" | grep -v '^INTEROP_SESSIONS_ABI_MINOR ' | LC_ALL=C sort
}

list_symbols() { # LIBRARY
  nm --dynamic --defined-only --with-symbol-versions "$1" | awk '$2 == "T" { print $3 }' | LC_ALL=C sort
}

soname_of() { # LIBRARY
  readelf --dynamic --wide "$1" | sed -nE 's/.*\(SONAME\).*\[(.*)\]$/\1/p'
}

# The structs that their users size themselves: these may grow at their end.
list_sized_structs() { # HEADER
  awk '/^typedef struct interop_sessions_/ { name = $3; getline; if (/^  uint32_t struct_size;/) print name }' "$1"
}

# A library of these symbols and no code: what programs of a release were linked with, as far as the loader can tell.
write_stub() { # SYMBOLS SONAME OUTPUT
  awk -F@@ '{ names[$2] = names[$2] " " $1 ";" } END { for (node in names) print node " {" names[node] " };" }' "$1" >"$3.map" &&
    awk -F@@ '{ print "void " $1 "(void) {}" }' "$1" |
    cc -x c -std=gnu11 -fPIC -shared "-Wl,-soname,$2" "-Wl,--version-script,$3.map" - -o "$3"
}
