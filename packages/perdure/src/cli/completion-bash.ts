import { choices, type CompletedCommand, flagsWith } from './completion-tree.ts'

/** Works in bash 3.2 too, which macOS has. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const places = commands.map(({ path }) => path).filter((path) => path !== '').map((path) => `"${path}"`).join('|')
  const valued = flagsWith(commands, (value) => value !== false)
  return `# Completion of perdure in bash: source <(npx perdure completion bash)
_perdure() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" place="" index=1 next words="" flags=""
  while [ "$index" -lt "$COMP_CWORD" ]; do
    next="\${COMP_WORDS[index]}"
    case "$next" in
      ${valued}) index=$((index + 1)) ;;
      *) case "\${place:+$place }$next" in ${places}) place="\${place:+$place }$next" ;; esac ;;
    esac
    index=$((index + 1))
  done
  case "$before" in
${choices(commands).map(([flags, words]) => `    ${flags}) ${offered(words)}; return ;;`).join('\n')}
    ${flagsWith(commands, (value) => value === 'file')})
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$word"))
      return ;;
    ${flagsWith(commands, (value) => value === 'any')}) COMPREPLY=(); return ;;
  esac
  case "$place" in
${commands.map(placeLine).join('\n')}
  esac
  case "$word" in
    -*) words="$flags" ;;
    *) [ -n "$words" ] || words="$flags" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _perdure perdure
`
}

function offered(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word"))`
}

function placeLine({ path, commands, options, words }: CompletedCommand): string {
  const names = [...commands.map(({ name }) => name), ...words].join(' ')
  return `    "${path}") words="${names}"; flags="${options.flatMap(({ flags }) => flags).join(' ')}" ;;`
}
