#include "cli/shell_scripts.hpp"

namespace latentgrid::cli {

namespace {

constexpr const char* bash = R"sh(# bash completion for latentgrid
_latentgrid() {
  local cur=${COMP_WORDS[COMP_CWORD]} candidate
  [ "$cur" = "=" ] && cur=
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    case $candidate in
      :files) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur") ;;
      :folders) compopt -o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$cur") ;;
      *=) compopt -o nospace; COMPREPLY+=("$candidate") ;;
      *) COMPREPLY+=("$candidate") ;;
    esac
  done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _latentgrid latentgrid
)sh";

constexpr const char* zsh = R"sh(#compdef latentgrid
# zsh completion for latentgrid
_latentgrid() {
  local line
  local -a candidates unfinished
  for line in ${(f)"$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
    case $line in
      :files) _files ;;
      :folders) _files -/ ;;
      *=$'\t'*) unfinished+=("${line%%$'\t'*}") ;;
      *) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( ${#unfinished} )) && compadd -S '' -a unfinished
  (( ${#candidates} )) && _describe latentgrid candidates
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _latentgrid "$@"; else compdef _latentgrid latentgrid; fi
)sh";

constexpr const char* fish = R"sh(# fish completion for latentgrid
function __latentgrid_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] complete -- $words[2..] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':folders'
        __fish_complete_directories (commandline -ct) ''
      case '*'
        echo $line
    end
  end
end
complete -c latentgrid -f -a '(__latentgrid_complete)'
)sh";

}  // namespace

const char* completion_script(const std::string& shell) {
  return shell == "bash" ? bash : shell == "zsh" ? zsh : fish;
}

}  // namespace latentgrid::cli
