import { choices, type CompletedCommand, flagsWith } from './completion-tree.ts'

export function zshScript(commands: readonly CompletedCommand[]): string {
  const places = commands.map(({ path }) => path).filter((path) => path !== '').map((path) => `"${path}"`).join('|')
  return `#compdef perdure
# Completion of perdure in zsh, loaded after compinit: source <(npx perdure completion zsh)
_perdure() {
  local place="" next index=2
  local -a names flags
  while (( index < CURRENT )); do
    next="\${words[index]}"
    case "$next" in
      ${flagsWith(commands, (value) => value !== false)}) (( index++ )) ;;
      *) case "\${place:+$place }$next" in ${places}) place="\${place:+$place }$next" ;; esac ;;
    esac
    (( index++ ))
  done
  case "\${words[CURRENT-1]}" in
${choices(commands).map(([flags, words]) => `    ${flags}) compadd -- ${words.join(' ')}; return ;;`).join('\n')}
    ${flagsWith(commands, (value) => value === 'file')}) _files; return ;;
    ${flagsWith(commands, (value) => value === 'any')}) return ;;
  esac
  case "$place" in
${commands.map(placeLines).join('\n')}
  esac
  if [[ "$PREFIX" == -* || \${#names} -eq 0 ]]; then
    _describe -o option flags
  else
    _describe command names
  fi
}
compdef _perdure perdure
`
}

function placeLines({ path, commands, options, words }: CompletedCommand): string {
  const names = [...commands.map(({ name, description }) => described(name, description)), ...words.map((word) => described(word, ''))]
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.description)))
  return `    "${path}")\n      names=(${names.join(' ')})\n      flags=(${flags.join(' ')}) ;;`
}

/** The first colon parts the two. */
function described(word: string, description: string): string {
  const text = description === '' ? word : `${word}:${description}`
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
