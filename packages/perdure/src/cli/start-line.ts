/** A line of `workflow start-many`: one start's options as JSON. Pure. */
import type { AnyStartOptions } from '@perdure/engine'
import { CliError } from './cli-error.ts'

export interface LineStart {
  readonly type: string
  readonly options: AnyStartOptions
}

/** What the flags say for lines that say nothing. */
export interface LineDefaults extends AnyStartOptions {
  readonly type?: string
}

const example = `{"type": "order", "workflowId": "order-7", "args": [{"amount": 5}]}`

/** @throws CliError INPUT_INVALID; what options are is told by the start itself */
export function lineStart(line: string, { type: defaultType, ...defaults }: LineDefaults): LineStart {
  const value = parsed(line)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('is no JSON object')
  const { type = defaultType, ...options } = value as Readonly<Record<string, unknown>>
  if (type === undefined) {
    throw new CliError('INPUT_INVALID', `The line names no workflow type${itHas(options)}: put "type" into it, or give --type`)
  }
  if (typeof type !== 'string') throw invalid('has a "type" that is no text')
  return { type, options: { ...defaults, ...options } }
}

/** A mistyped "type" is seen among them. */
function itHas(options: object): string {
  const names = Object.keys(options).slice(0, 3).map((name) => JSON.stringify(name.slice(0, 40)))
  return names.length === 0 ? '' : ` (it has ${names.join(', ')})`
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch (error) {
    throw invalid(`is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}

function invalid(problem: string): CliError {
  return new CliError('INPUT_INVALID', `The line ${problem}; one start is one line, as in ${example}`)
}
