# Reads a report of `abidiff --leaf-changes-only --harmless` and prints what programs of an earlier release would notice. They do not
# notice values that an enum got, nor what a struct that begins with struct_size got beyond its former end: inside it, even in
# padding, their own memory is read. Exits with 1 if it printed anything.
#
# awk -v sized="NAME..." -f harm.awk REPORT

BEGIN {
  count = split(sized, names, " ")
  for (i = 1; i <= count; i++) may_grow[names[i]] = 1
  quote = "\047"
}

function notice() {
  print subject != "" ? subject ": " $0 : $0
  noticed = 1
}

/^$/ || /^Leaf changes summary:/ || /^(Changed leaf types|Removed\/Changed\/Added (functions|variables)) summary:/ { next }

$0 ~ "^" quote "(struct|enum) interop_sessions_[a-z0-9_]+" quote " changed:$" {
  kind = substr($1, 2)
  subject = substr($2, 1, length($2) - 1)
  former_end = 0
  next
}

/^[^ ]/ {
  subject = ""
  kind = ""
}

kind == "enum" && (/^  type size hasn't changed$/ || /^  [0-9]+ enumerator insertions?:$/) {
  inserting = /insertion/
  next
}
kind == "enum" && inserting && $0 ~ "^    " quote { next }

kind == "struct" && (subject in may_grow) && /^  type size changed from [0-9]+ to [0-9]+ \(in bits\)$/ && $7 > $5 {
  former_end = $5
  next
}
kind == "struct" && former_end && /^  [0-9]+ data member insertions?:$/ {
  inserting = 1
  next
}
kind == "struct" && former_end && inserting && match($0, /, at offset [0-9]+ \(in bits\)$/) {
  split(substr($0, RSTART), words, " ")
  if (words[4] >= former_end + 0) next
}

{
  inserting = 0
  notice()
}

END { exit noticed }
