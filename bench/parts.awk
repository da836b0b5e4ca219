# awk -v name=IMAGE -f parts.awk: where flash goes: lines `IMAGE PART BYTES` from those of map.awk.
# SPDX-License-Identifier: MIT
function part(object, section) {
    if (object ~ /\.a\(/) return "compiler"
    if (object ~ /at_line$/) return "lines"
    if (object ~ /at_value$/) return "values"
    if (object ~ /at_link$/) return "link"
    if (object ~ /at_(module|host)_(data|body|transparent|carrier)$/) return "data"
    if (object ~ /at_(module|host)/) return "commands"
    if (section ~ /^\.rodata\.(yy_|accepts|shapes|CSWTCH)/) return "lexer+grammar"
    if (section == ".rodata.text") return "texts"
    if (section ~ /^\.s?rodata/) return "tables"
    if (section ~ /\.(call|data|sent|event|event_data|unknown|[a-z0-9_]*_init)(\.|$)/) return "glue"
    return "lexer+grammar"
}
{
    object = $2
    sub(/.*\//, "", object)
    sub(/\.o$/, "", object)
    if (object != "program") bytes[part(object, $3)] += $1
}
END { for (p in bytes) print name, p, bytes[p] }
