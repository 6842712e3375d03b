#!/bin/sh
# Makes libraries to link with in the place of the C library: with the symbols of this machine's, each in the newest version that
# was there in the glibc FLOOR, and without those that came later. What is linked with them runs with FLOOR and all that came
# after, and does not link at all where it needs more. They hold no code; the loader never sees them.
#
# usage: stubs.sh FLOOR FOLDER COMPILER [OPTION-OF-THE-COMPILER...]
set -eu

floor=$1
folder=$2
shift 2
mkdir -p "$folder"
export LC_ALL=C

# Each symbol as NAME VERSION TYPE SIZE LIBRARY.
list_symbols() { # SONAME
  readelf -W --dyn-syms "$("$@" -print-file-name="$soname")" | awk -v floor="$floor" -v soname="$soname" '
    function number(version, part) { split(version, part, "."); return part[1] * 1000000 + part[2] * 1000 + part[3] }
    $7 == "UND" || $8 !~ /@GLIBC_[0-9]/ || $4 == "TLS" { next }
    {
      name = $8; sub(/@.*/, "", name)
      version = $8; sub(/.*@GLIBC_/, "", version)
      at = number(version)
      if (at > number("2.31") && at <= number("2.34")) moved[name] = 1
      if (at > number(floor)) next
      if (!(name in newest) || at > number(newest[name])) { newest[name] = version; type[name] = $4; size[name] = $3 }
    }
    END {
      for (name in newest) {
        library = soname
        # glibc 2.32 to 2.34 took three libraries into libc.so.6. A program finds its threads in the old one where there is one.
        if (soname == "libc.so.6" && name in moved && name !~ /^__libc_/) {
          library = name ~ /^_*dl/ ? "libdl.so.2" : name ~ /^_*(shm|mq|aio|lio|timer|clock)_/ ? "librt.so.1" : "libpthread.so.0"
        }
        print name, newest[name], type[name], size[name], library
      }
    }'
}

for soname in libc.so.6 libm.so.6; do list_symbols "$@"; done | sort >"$folder/symbols"

for soname in libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1; do
  base=${soname%%.*}
  awk -v soname="$soname" '$5 == soname {
    type = $3 == "OBJECT" ? "object" : "function"
    printf ".globl s%d\n.type s%d, %%%s\n.size s%d, %d\ns%d:\n.symver s%d, %s@@GLIBC_%s\n.skip %d\n", NR, NR, type, NR, $4, NR, NR, $1, $2, ($4 > 0 ? $4 : 1)
  } BEGIN { print ".data" }' "$folder/symbols" >"$folder/$base.s"
  awk -v soname="$soname" '$5 == soname { print $2 }' "$folder/symbols" | sort -u |
    awk 'BEGIN { print "NONE { local: *; };" } { printf "GLIBC_%s {};\n", $1 }' >"$folder/$base.map"
  "$@" -shared -nostdlib -fuse-ld=bfd -Wl,-soname,"$soname" -Wl,--version-script,"$folder/$base.map" "$folder/$base.s" \
    -o "$folder/$base.so"
done

# As the C library's own libc.so does: what is not in the shared library is in a small static one, and the loader's part in it.
mv "$folder/libc.so" "$folder/libc.so.6"
loader=ld-linux-x86-64.so.2
readelf -h "$folder/libc.so.6" | grep -q AArch64 && loader=ld-linux-aarch64.so.1
echo "GROUP ( $folder/libc.so.6 $("$@" -print-file-name=libc_nonshared.a)" \
  "AS_NEEDED ( $("$@" -print-file-name=$loader) ) )" >"$folder/libc.so"
