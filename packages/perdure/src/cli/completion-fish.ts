import { type CompletedCommand, type CompletedOption, flagsWith } from './completion-tree.ts'

export function fishScript(commands: readonly CompletedCommand[]): string {
  const places = commands.map(({ path }) => path).filter((path) => path !== '').map(quoted).join(' ')
  const valued = flagsWith(commands, (value) => value !== false).split('|').join(' ')
  return `# Completion of perdure in fish: npx perdure completion fish | source
function __perdure_at
  set -l place
  set -l is_value 0
  for word in (commandline -opc)[2..-1]
    if test $is_value = 1
      set is_value 0
    else if contains -- $word ${valued}
      set is_value 1
    else if contains -- (string join ' ' $place $word) ${places}
      set -a place $word
    end
  end
  test (string join ' ' '' $place) = (string join ' ' '' $argv)
end
complete -c perdure -e
complete -c perdure -f
${commands.flatMap(placeLines).join('\n')}
`
}

function placeLines({ path, commands, options, words }: CompletedCommand): string[] {
  const begin = `complete -c perdure -n ${quoted(['__perdure_at', ...path === '' ? [] : [path]].join(' '))}`
  return [
    ...commands.map(({ name, description }) => `${begin} -a ${name} -d ${quoted(description)}`),
    ...(words.length === 0 ? [] : [`${begin} -a ${quoted(words.join(' '))}`]),
    ...options.map((option) => `${begin} ${option.flags.map(flagText).join(' ')}${valueText(option)} -d ${quoted(option.description)}`),
  ]
}

function flagText(flag: string): string {
  return flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`
}

function valueText({ value }: CompletedOption): string {
  if (value === false) return ''
  if (value === 'file') return ' -r -F'
  return value === 'any' ? ' -x' : ` -x -a ${quoted(value.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
