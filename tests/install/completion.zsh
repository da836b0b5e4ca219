# completion.zsh FILE WORD...: what zsh offers for the last word, with its completion system played.
compadd() { local name=$@[-1]; print -l -- ${(M)${(P)name}:#$PREFIX*} }
_files() { }
file=$1
shift
words=("$@") CURRENT=$# PREFIX=$@[-1]
eval "_atgen() { $(<$file) }"
_atgen
