/** Arguments for workflows, signals and queries, as given on the command line. */
import { readFileSync } from 'node:fs'
import { CliError } from './cli-error.ts'
import type { InputOptions } from './options.ts'

export function readInput({ input, inputFile }: InputOptions): unknown[] {
  if (inputFile !== undefined && input.length > 0) {
    throw new CliError('USAGE_INVALID', 'Give the arguments with --input or with --input-file, not with both')
  }
  if (inputFile !== undefined) return [parse(textOf(inputFile), inputFile === '-' ? 'What stdin holds' : `The file ${inputFile}`)]
  return input.map((text, index) => parse(text, `Argument ${index + 1} of --input`))
}

function textOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const problem = isMissing ? 'does not exist' : `cannot be read (${why(error)})`
    throw new CliError('INPUT_INVALID', `The file ${path} of --input-file ${problem}`, { cause: error })
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new CliError('INPUT_INVALID', `${what} is not JSON (${why(error)}): ${remedy(text.trim())}`, { cause: error })
  }
}

function why(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 200)
}

function remedy(text: string): string {
  if (text === '') return 'it is empty; JSON has null for nothing'
  if (/^[\p{L}][^"{[]*$/u.test(text) && text.length < 60) return `a text needs quotes of its own: --input '${JSON.stringify(text)}'`
  return "write JSON between single quotes, so that the shell leaves it alone: --input '{\"amount\": 5}'"
}
