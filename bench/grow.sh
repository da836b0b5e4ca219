#!/bin/sh
# grow.sh NAME COMMANDS URCS: a spec with so many commands and URCs, on standard output. All are alike, so that what differs
# between two sizes is the size.
awk -v dialect="$1" -v commands="$2" -v urcs="$3" 'BEGIN {
    print "dialect " dialect " \"As large as it takes\"\n"
    print "lines {\n    command   CR LF\n    info      … CR LF\n    result    CR LF … CR LF\n}"
    print "results { ok OK   error ERROR }\n"
    print "type level int 0..100\ntype name string 1..32\n"
    for (i = 0; i < commands; i++) {
        n = sprintf("+C%05d", i * 7919 % 100000)
        print "command " n " {"
        print "    set   AT" n "=<level>[,<name>]   -> OK"
        print "    read  AT" n "?                   -> " n ":<level>,<name> / OK"
        print "    example\n        > AT" n "=17,\"abcdefgh\"\n        < OK\n}"
    }
    for (i = 0; i < urcs; i++) {
        n = sprintf("+U%05d", i * 7919 % 100000)
        print "urc " n "   " n ":<level>,<name>"
    }
}'
