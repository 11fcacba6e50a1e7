/** Checks that options of several calls have in common. Each throws a PerdureError that names option and call. */
import { type Duration, durationToMs } from './duration.ts'
import { idProblem, idRemedy } from './id-problem.ts'
import { unknownOptionHint } from './near-match.ts'
import { PerdureError } from './perdure-error.ts'

export interface CheckedCall {
  /** Names the call in errors, as in "startChild() of 'settle'". */
  readonly what: string
  readonly error: (message: string) => PerdureError
}

export function activityCall(what: string): CheckedCall {
  return { what, error: (message) => new PerdureError('ACTIVITY_OPTIONS_INVALID', message) }
}

export function workflowCall(what: string): CheckedCall {
  return { what, error: (message) => new PerdureError('WORKFLOW_OPTIONS_INVALID', message) }
}

export function otherCall(what: string): CheckedCall {
  return { what, error: (message) => new PerdureError('OPTIONS_INVALID', message) }
}

/** @param place where they stand, as in "retry policy" */
export function refuseUnknownOptions(
  options: object, known: readonly string[], { what, error }: CheckedCall, notYet?: readonly string[], place = 'options',
): void {
  for (const [key, value] of Object.entries(options)) {
    if (known.includes(key) || value === undefined) continue
    throw error(`Unknown option '${key}' in the ${place} of ${what}${unknownOptionHint(key, known, notYet)}`)
  }
}

/** A text that is not empty; undefined as it is. */
export function textOption(value: unknown, option: string, call: CheckedCall): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw invalidOption(call, `${option} is ${value === '' ? 'empty' : `of type ${typeof value}`}; give a text, or leave it out`)
}

/** A text that is stored as a name, or by which something is found; undefined as it is. */
export function idOption(value: unknown, option: string, call: CheckedCall): string | undefined {
  const id = textOption(value, option, call)
  const problem = id === undefined ? undefined : idProblem(id)
  if (problem === undefined) return id
  throw invalidOption(call, `${option} ${problem}; ${idRemedy}, or leave it out`)
}

/** The type of a workflow that is to be started. */
export function checkWorkflowType(type: unknown, call: CheckedCall): void {
  const problem = typeof type === 'string' ? idProblem(type) : `is of type ${typeof type}`
  if (problem !== undefined) throw invalidOption(call, `the workflow type ${problem}; ${idRemedy}`)
}

export function oneOfOption<T extends string>(
  value: unknown, known: Readonly<Record<string, T | undefined>>, option: string, call: CheckedCall,
): T | undefined {
  if (value === undefined) return undefined
  const values = [...new Set(Object.values(known))].filter((each) => each !== undefined)
  // Temporal's deprecated names are accepted as texts too.
  const found = values.find((each) => each === value) ?? (typeof value === 'string' ? known[value] : undefined)
  if (found !== undefined) return found
  throw invalidOption(call, `${option} is ${shownValue(value)}; give one of ${values.join(', ')}`)
}

/** A duration of more than nothing, in ms; undefined as it is. */
export function durationOption(value: Duration | undefined, option: string, call: CheckedCall): number | undefined {
  if (value === undefined) return undefined
  const ms = durationToMs(value, `${option} of ${call.what}`)
  if (ms === 0) throw invalidOption(call, `${option} is 0; give a longer time, or leave it out`)
  return ms
}

export function priorityOption(priority: unknown, call: CheckedCall): number | undefined {
  if (priority === undefined) return undefined
  if (typeof priority !== 'object' || priority === null) {
    throw invalidOption(call, `priority is ${shownValue(priority)}; pass an object, for example { priorityKey: 1 }`)
  }
  refuseUnknownOptions(priority, ['priorityKey'], call, ['fairnessKey', 'fairnessWeight'], 'priority')
  const { priorityKey: key } = priority as { readonly priorityKey?: unknown }
  if (key === undefined || (Number.isInteger(key) && Number(key) >= 1 && Number(key) <= 5)) return key as number | undefined
  throw invalidOption(call, `priority.priorityKey is ${shownValue(key)}; give a whole number from 1 (first) to 5 (last)`)
}

export function memoOption(memo: unknown, call: CheckedCall): Readonly<Record<string, unknown>> | undefined {
  if (memo === undefined) return undefined
  if (typeof memo === 'object' && memo !== null && !Array.isArray(memo)) return memo as Readonly<Record<string, unknown>>
  throw invalidOption(call, 'memo is no object; give values by name')
}

/** A member, or nothing where the value is undefined: for types that tell the two apart. */
export function given<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]?: T }
}

export function invalidOption({ what, error }: CheckedCall, problem: string): PerdureError {
  return error(`Wrong options of ${what}: ${problem}`)
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return `${value}`
  return `of type ${typeof value}`
}
