# Completion of atgen, atdump, atsim and atterm in bash: commands and options are asked of the program itself, dialects
# are the spec files that stand beside it.
# SPDX-License-Identifier: 0BSD
_atgen_dialects()
{
    local folder spec
    folder=$(dirname "$(command -v "$1")")
    for spec in "$folder"/spec/*.atspec "$folder"/../share/atgen/spec/*.atspec; do
        [ -f "$spec" ] && basename "$spec" .atspec
    done
}

_atgen()
{
    local program=$1 word=$2 command=
    [[ ${program##*/} = atgen && COMP_CWORD -gt 1 ]] && command=${COMP_WORDS[1]}
    if [[ ${program##*/} = atgen && COMP_CWORD -eq 1 && $word != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help | sed -n 's/^  atgen \([a-z]*\) .*/\1/p')" -- "$word")
    elif [[ $word = -* ]]; then
        # shellcheck disable=SC2086  # nothing where there is no command
        mapfile -t COMPREPLY < <(compgen -W "$("$program" $command --help | grep -o -e '--[a-z][a-z-]*')" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$(_atgen_dialects "$program")" -- "$word"; compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _atgen atgen atdump atsim atterm
