# awk -f map.awk IMAGE.map: what the linker kept, as lines `BYTES OBJECT SECTION`.
# SPDX-License-Identifier: MIT
function number(hex,    i, n) {
    for (i = 3; i <= length(hex); i++) n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n
}
/^Linker script and memory map/ { is_kept = 1 }
!is_kept { next }
/^ \.(text|rodata|data|srodata|sdata)[^ ]*$/ { section = $1; next }     # a long name: the rest is on the next line
/^ \.(text|rodata|data|srodata|sdata)[^ ]* / { section = $1; $1 = ""; $0 = $0 }
section && NF == 3 && $1 ~ /^0x/ && $2 != "0x0" { print number($2), $3, section }
{ section = "" }
