# Sourced by run and arm64: what must be in which package, and what the packages say of themselves.

contains() { # DEB FILE...: these and no others
  local deb=$1
  shift
  diff <(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v '/$' | LC_ALL=C sort) <(printf './%s\n' "$@" | LC_ALL=C sort)
}

field_is() { # DEB FIELD PATTERN
  local value
  value=$(dpkg-deb -f "$1" "$2")
  echo "$2: $value"
  [[ "$value" =~ ^($3)$ ]]
}

# What every package has, and what one with a program or the library has.
docs_of() { printf 'usr/share/doc/%s/%s\n' "$1" changelog.gz "$1" copyright; }
notices_of() {
  docs_of "$1"
  printf 'usr/share/doc/%s/THIRD-PARTY-NOTICES\n' "$1"
}

# The symbols of a binary, in its package and where a debugger looks for them.
symbols_of() { # BINARY
  local id
  id=$(readelf -n "$1" | sed -n 's/.*Build ID: //p')
  echo "usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug"
}

needs_no_later_glibc_than() { # FLOOR BINARY...
  local floor=$1 binary highest
  shift
  for binary in "$@"; do
    highest=$(readelf -V "$binary" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -V | tail -1)
    echo "$binary needs glibc $highest"
    [ -n "$highest" ] && [ "$(printf '%s\n' "$highest" "$floor" | sort -V | tail -1)" = "$floor" ] || return
  done
}
