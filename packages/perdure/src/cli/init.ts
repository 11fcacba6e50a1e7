/** `perdure init`: a new project that runs at once. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { CliError } from './cli-error.ts'
import { withExamples } from './examples.ts'
import { quoted } from './next-command.ts'
import { givenOptions, type GlobalOptions } from './options.ts'
import { print } from './output.ts'
import { ownDependencies, ownNode } from './own-origin.ts'
import { projectFiles } from './project-files.ts'
import { colours, indented, printable } from './text.ts'

export function addInitCommand(program: Command): void {
  const init = program.command('init').argument('[folder]', 'a new or empty folder (default: this one)')
    .description('make a new project: a workflow, an activity, a configuration, and a program that runs them')
  withExamples(init, 'init shop', 'init')
  init.action((given: string | undefined, _own: unknown, self: Command) => {
    const { output } = givenOptions<GlobalOptions>(self)
    const folder = resolve(given ?? '.')
    refuseUsed(folder)
    const files = projectFiles({ name: basename(folder), dependencies: ownDependencies(), optionalDependencies: ownNode() })
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { flag: 'wx' })
    print(output, { value: { folder, files: Object.keys(files) }, text: () => told(folder, Object.keys(files)) })
  })
}

/** What may be there before: a repository was made for the project. */
const harmless = new Set(['.git', '.DS_Store'])

function refuseUsed(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isDirectory()) throw refusal(`${folder} is a file`)
  const entries = readdirSync(folder).filter((name) => !harmless.has(name)).sort()
  if (entries.length === 0) return
  const more = entries.length > namesShown ? ` and ${entries.length - namesShown} more` : ''
  throw refusal(`${folder} is not empty: it holds ${entries.slice(0, namesShown).join(', ')}${more}`)
}
const namesShown = 3

function refusal(problem: string): CliError {
  return new CliError('FOLDER_NOT_EMPTY', `${problem}; name a new or an empty folder, as in: npx perdure init my-workflows`)
}

function told(folder: string, files: readonly string[]): string {
  const paint = colours()
  const here = relative('', folder)
  const steps: readonly (readonly [string, string])[] = [
    ...(here === '' ? [] : [[`cd ${quoted(here)}`, ''] as const]),
    ['npm install', ''],
    ['npm start', 'runs the workflow once'],
    ['npx perdure dev', 'serves it; then, in another terminal:'],
    [`npx perdure workflow execute --type greet -i '"Ada"'`, ''],
  ]
  return [
    `Made a project in ${printable(folder)}:`,
    indented(files.join('  ')),
    '',
    'Go on with',
    indented(steps.map(([command, what]) => (what === '' ? paint.cyan(command) : `${paint.cyan(command.padEnd(16))}  ${what}`)).join('\n')),
  ].join('\n')
}
