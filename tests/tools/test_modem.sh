#!/bin/sh
# Lines as people and other drivers type them, and what a module of examples/modem.atspec answers: tests/tools/modem.talk.
# Prints TAP.
# SPDX-License-Identifier: MIT
set -u
talk=$srcdir/tests/tools/modem.talk
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
export XDG_CACHE_HOME="$temp"

# The paragraphs as files: name, to, from.
awk -v dir="$temp" -v RS= '
    { n++; name = ""; to = ""; from = ""
      lines = split($0, line, "\n")
      for (i = 1; i <= lines; i++) {
          rest = substr(line[i], 3)
          if (line[i] ~ /^#/) name = name (name ? " " : "") rest
          else if (line[i] ~ /^>/) to = to rest
          else from = from rest
      }
      if (to) { k++; print name >(dir "/name-" k); print to >(dir "/to-" k); print from >(dir "/from-" k) } }' "$talk"

# Bytes in exchange notation: %b, but for \xNN.
bytes() { printf '%b' "$(sed 's/\\x\([0-9a-f]\)\([0-9a-f]\)/\\0\1\2/g' "$1" | awk '
    { out = $0
      while (match(out, /\\0[0-9a-f][0-9a-f]/)) {
          hex = substr(out, RSTART + 2, 2)
          value = 16 * (index("0123456789abcdef", substr(hex, 1, 1)) - 1) + index("0123456789abcdef", substr(hex, 2, 1)) - 1
          out = substr(out, 1, RSTART - 1) sprintf("\\%c%03o", 1, value) substr(out, RSTART + RLENGTH)
      }
      gsub(/\001/, "0", out); print out }')"; }

number=0
for name in "$temp"/name-*; do
    number=$((number + 1))
    bytes "$temp/from-$number" | od -An -c >"$temp/want"
    bytes "$temp/to-$number" | "$BINDIR/atsim" "$srcdir/examples/modem.atspec" 2>"$temp/said" | od -An -c >"$temp/got"
    if diff -u "$temp/want" "$temp/got" >>"$temp/said"; then echo "ok $number - $(cat "$temp/name-$number")"
    else echo "not ok $number - $(cat "$temp/name-$number")"; sed 's/^/# /' "$temp/said" | head -n 24; fi
done
echo "1..$number"
