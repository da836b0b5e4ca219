# awk -f stack.awk FUNCTIONS POINTERS KEPT FILE.ci…: the deepest stack below any of the FUNCTIONS, in bytes, from the call
# graphs that gcc leaves (-fcallgraph-info=su); with -v show=1 also the way there. Calls through pointers are resolved by
# the list POINTERS, as far as the linker has KEPT (map.awk) what they come to. What the program's handlers and callbacks
# need themselves is not counted; with -v again=1 what they call of FUNCTIONS is.
# Recursion, a frame without a bound, a pointer or function that is not known: says so, and status 1.
# SPDX-License-Identifier: MIT

BEGIN { kept["program"] = 1 }
function fail(what) { print what; failed = 1 }

# "/path/file.c:name" -> "file.c:name"; a dialect's own file is "generated", the program's own has no name; what the
# compiler has made of a function with one value of a parameter or a part of it counts as the function
function short(title) {
    sub(/\.(constprop|isra|part)\..*/, "", title)
    if (title !~ /:/) return title
    sub(/.*\//, "", title)
    sub(/^program.c:/, "", title)
    sub(/^[^:]*:at__/, "at__", title)
    if (title !~ /^at_/ && title ~ /:/) sub(/^[^:]*/, "generated", title)
    return title
}
# May handlers call it? Not what calls handlers itself.
function is_for_handlers(name) { return name !~ /^at_(feed|poll|lost|restart)$|_init$/ }
function edge(from, to) { if (!((from, to) in seen)) { seen[from, to] = 1; to_[from, n_to[from]++] = to } }

# The end of the expression that is called at FILE:LINE:COLUMN: `stream->step`
function pointer_at(place,    part, i, text) {
    split(place, part, ":")
    for (i = 1; (getline text < part[1]) > 0 && i < part[2]; i++) ;
    close(part[1])
    text = substr(text, part[3])
    gsub(/at__side\([a-z]*\)/, "side", text)
    gsub(/at__class\([a-z]*\)/, "klass", text)
    gsub(/at__tables\([a-z>-]*\)/, "t", text)
    gsub(/[a-z_]+\([a-z]*\)->/, "", text)
    return match(text, /([A-Za-z_0-9]+(->|\.))?[A-Za-z_0-9]+\(/) ? substr(text, RSTART, RLENGTH - 1) : "?"
}
# The linker names the object, which may be of the whole runtime, and not the file
function is_kept(target) {
    if (target in kept) return 1
    sub(/^[^:]*:/, "", target)
    return target in kept
}
function call_pointer(from, place,    name, list, n, i) {
    name = pointer_at(place)
    if (!(name in targets)) {
        if (place !~ /(^|\/)at_[a-z_]*\.c:/) edge(from, "program")   # in generated code
        else fail(place ": no target is known for a call of " name " (bench/pointers)")
        return
    }
    n = split(targets[name], list, " ")
    for (i = 1; i <= n; i++) if (is_kept(list[i])) edge(from, list[i])
}

FILENAME == ARGV[1] { offered[$1] = 1; next }
FILENAME == ARGV[3] {
    sub(/\.o$/, ".c", $2)
    sub(/^\.text\./, "", $3)
    kept[short($2 ":" $3)] = kept[short($3)] = 1
    next
}
FILENAME == ARGV[2] { if ($1 !~ /^#/ && NF > 1) { name = $1; $1 = ""; targets[name] = $0 } next }
/^node/ && / bytes / {
    split($0, text, "\"")
    name = short(text[2])
    file[substr(name, 1, index(name, ":"))] = 1
    bytes = text[4]
    sub(/.*\\n/, "", bytes)
    if (bytes !~ /static|bounded/) fail(name ": a stack frame without a bound")
    if (!(name in frame) || bytes + 0 > frame[name]) frame[name] = bytes + 0
}
/^edge/ {
    split($0, text, "\"")
    if (text[4] == "__indirect_call") call_pointer(short(text[2]), text[6])
    else edge(short(text[2]), short(text[4]))
}

function depth(name,    i, below, most) {
    if (name in deep) return deep[name]
    if (name in open) { fail("recursion: " name way(name, "")); return 0 }
    open[name] = 1
    for (i = 0; i < n_to[name]; i++) {
        at[name] = to_[name, i]
        below = depth(to_[name, i])
        if (below > most) { most = below; next_[name] = to_[name, i] }
    }
    delete open[name]
    return deep[name] = most + frame[name]
}
# How a recursion comes back to `name`
function way(name, text,    step) {
    for (step = at[name]; step != name && step in open; step = at[step]) text = text ", " step
    return text
}

# A target in a file that was compiled has to be there, but in generated code, which has what its dialect needs.
function check_targets(    name, list, n, i, from) {
    for (name in targets) {
        n = split(targets[name], list, " ")
        for (i = 1; i <= n; i++) {
            from = substr(list[i], 1, index(list[i], ":"))
            if (from != "generated:" && from in file && from != "" && !(list[i] in frame))
                fail("bench/pointers: there is no " list[i])
        }
    }
}

END {
    check_targets()
    for (name in offered) if (again && is_for_handlers(name)) edge("program", name)
    for (name in offered) if (depth(name) > depth(deepest)) deepest = name
    if (failed) exit 1
    if (depth(deepest) == 0) { print "nothing was compiled"; exit 1 }
    print depth(deepest)
    for (name = deepest; show && name != ""; name = next_[name]) print "    " frame[name] + 0, name
}
