# Completion of flowgrain for bash: eval "$(flowgrain completion bash)"
_flowgrain() {
  local line=${COMP_LINE:0:COMP_POINT} words
  local word=${line##*[[:space:]]} program=${COMP_WORDS[0]/#\~/$HOME}
  line=${line#*[[:space:]]}
  words=$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)
  [[ $word == -* ]] || words=$(grep -v '^[-/]' <<<"$words")
  # shellcheck disable=SC2207 # no name has a space
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  local typed=${word%"${word##*[@=:]}"} # bash takes these for the ends of words
  COMPREPLY=("${COMPREPLY[@]#"$typed"}")
}
complete -o bashdefault -o default -F _flowgrain flowgrain
