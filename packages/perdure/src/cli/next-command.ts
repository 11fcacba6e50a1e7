/** Commands for people to copy: with the options of the present one that the next needs too. */
import { databaseOf } from './connection.ts'
import type { GlobalOptions } from './options.ts'
import { printable } from './text.ts'

export function nextCommand(options: GlobalOptions, ...words: readonly string[]): string {
  const { from, name, isFile } = databaseOf(options)
  const { config, configuration, engineOptions } = options
  // A URL may hold a password.
  const database = from === 'given with --database' ? ['-d', isFile ? quoted(name) : '<url>'] : []
  const file = config === undefined ? [] : ['--config', quoted(config)]
  const isConfigured = engineOptions === configuration.settings.cli?.engine_options
  const inCode = engineOptions === undefined || isConfigured ? [] : ['--engine-options', quoted(engineOptions)]
  // The environment of another terminal may be another one.
  const isInFile = configuration.sourceOf('namespace')?.startsWith('$') === false
  const implied = isInFile ? configuration.settings.namespace : 'default'
  const namespace = options.namespace === implied ? [] : ['-n', quoted(options.namespace)]
  return ['npx perdure', ...words, ...file, ...database, ...namespace, ...inCode].join(' ')
}

/** As a word of a shell. */
export function quoted(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", String.raw`'\''`)}'`
}
