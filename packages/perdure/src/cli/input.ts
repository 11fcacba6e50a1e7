/** Arguments for workflows, signals and queries, as given on the command line. */
import { readFileSync } from 'node:fs'
import { CliError } from './cli-error.ts'
import type { InputOptions } from './options.ts'

export function readInput({ input, inputFile }: InputOptions, flag = '--input'): unknown[] {
  if (inputFile !== undefined && input.length > 0) {
    throw new CliError('USAGE_INVALID', 'Give the arguments with --input or with --input-file, not with both')
  }
  if (inputFile === '-') return [parse(textOf(inputFile), 'What stdin holds', remedyOfFile)]
  if (inputFile !== undefined) return [parse(textOf(inputFile), `The file ${inputFile}`, remedyOfFile)]
  return input.map((text, index) => parse(text, `Argument ${index + 1} of ${flag}`, (word) => remedyOfWord(word, flag)))
}

function textOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

export function unreadable(path: string, error: unknown): CliError {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
  const problem = isMissing ? 'does not exist' : `cannot be read (${why(error)})`
  return new CliError('INPUT_INVALID', `The file ${path} of --input-file ${problem}`, { cause: error })
}

function parse(text: string, what: string, remedy: (text: string) => string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new CliError('INPUT_INVALID', `${what} is not JSON (${why(error)}): ${remedy(text.trim())}`, { cause: error })
  }
}

function why(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 200)
}

const remedyOfEmpty = 'it is empty; JSON has null for nothing'

/** Here no shell takes quotes away. */
function remedyOfFile(text: string): string {
  return text === '' ? remedyOfEmpty : 'it is to hold one argument as JSON, as in {"amount": 5} or "a text"'
}

function remedyOfWord(text: string, flag: string): string {
  if (text === '') return remedyOfEmpty
  if (/^[\p{L}\p{N}][^"{[]*$/u.test(text) && text.length < 60) return `a text needs quotes of its own: ${flag} '${JSON.stringify(text)}'`
  return `write JSON between single quotes, so that the shell leaves it alone: ${flag} '{"amount": 5}'`
}
