#!/bin/sh
# Make generator/templates_data.c from template files: embed.sh FILE... >templates_data.c
# Each file becomes an array of numbers, because no string literal may be longer than C99 allows.
# SPDX-License-Identifier: MIT
set -eu
export LC_ALL=C

cat <<'END'
/* The templates as built into atgen; made by templates/embed.sh from the files in templates/.
 * SPDX-License-Identifier: MIT */
#include "template.h"

#include <stddef.h>

END
for file in "$@"; do
    name=$(basename "$file" | sed 's/[^A-Za-z0-9]/_/g')
    printf 'static const char %s[] = {\n' "$name"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    printf '0};\n\n'
done
echo 'const template_file templates_data[] = {'
for file in "$@"; do
    base=$(basename "$file")
    printf '    { "%s", %s },\n' "$base" "$(echo "$base" | sed 's/[^A-Za-z0-9]/_/g')"
done
printf '    { NULL, NULL },\n};\n'
