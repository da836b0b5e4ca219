# completion.bash FILE WORD...: what bash offers for the last word.
. "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_atgen "$1" "${COMP_WORDS[$COMP_CWORD]}"
printf '%s\n' "${COMPREPLY[@]}"
