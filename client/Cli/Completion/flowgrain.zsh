#compdef flowgrain
# Completion of flowgrain for zsh: eval "$(flowgrain completion zsh)" behind compinit
_flowgrain() {
  local program=${~words[1]} line="${(j: :)words[2,CURRENT]}"
  local -a names=("${(@f)$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)}")
  [[ ${words[CURRENT]} == -* ]] || names=("${(@)names:#[-/]*}")
  names=("${(@)names:#}")
  if (( $#names )); then compadd -a names; else _files; fi
}
compdef _flowgrain flowgrain
