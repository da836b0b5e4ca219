# awk -v columns="COLUMN…" -f rows.awk KEPT FIGURES: a Markdown table of the FIGURES (lines `NAME COLUMN VALUE`), a row
# for each name that has any of them, and in brackets what has changed against those KEPT.
# SPDX-License-Identifier: MIT
FILENAME == ARGV[1] { kept[$1, $2] = $3; next }
!($1 in known) { known[$1] = 1; names[n++] = $1 }
{ value[$1, $2] = $3 }
function cell(key,    change) {
    if (!(key in value)) return ""
    change = key in kept ? value[key] - kept[key] : 0
    return value[key] (change ? sprintf(" (%+d)", change) : "")
}
END {
    n_columns = split(columns, column, " ")
    head = "| |"
    line = "|---|"
    for (c = 1; c <= n_columns; c++) { head = head " " column[c] " |"; line = line "---:|" }
    print head
    print line
    for (i = 0; i < n; i++) {
        row = "| " names[i] " |"
        some = 0
        for (c = 1; c <= n_columns; c++) {
            row = row " " cell(names[i] SUBSEP column[c]) " |"
            some += (names[i], column[c]) in value
        }
        if (some) print row
    }
}
