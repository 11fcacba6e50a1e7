/** Checks of what a caller passed in: wrong keys and wrong ids are told at the call, not by the database. */
import { didYouMean, idProblem, idRemedy, unknownOptionHint } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'

/**
 * @param what names the object in errors, as in "start()"
 * @param notYet names that Temporal has and we do not
 */
export function refuseUnknownKeys(given: object, known: readonly string[], what: string, notYet?: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw optionsInvalid(`The options of ${what} are ${shown(given)}; pass an object, with any of ${known.join(', ')}`)
  }
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw optionsInvalid(`${what} knows no option '${key}'${unknownOptionHint(key, known, notYet)}`)
  }
}

/** @param value of any kind at run time: callers may be JavaScript */
export function oneOf<T extends string>(value: unknown, known: readonly T[], what: string): T | undefined {
  if (value === undefined || known.includes(value as T)) return value as T | undefined
  const hint = typeof value === 'string' ? didYouMean(value, known) : ''
  throw optionsInvalid(`${what} is ${shown(value)}${hint || `; it is one of ${known.join(', ')}`}`)
}

/** @param what as in "workflowId" */
export function checkedId(id: unknown, what: string): string {
  const problem = problemOf(id)
  if (problem === undefined) return id as string
  throw new PerdureError('ID_INVALID', `The ${what} ${shown(id)} ${problem}; ${idRemedy}`)
}

function problemOf(id: unknown): string | undefined {
  return typeof id === 'string' ? idProblem(id) : `is of type ${typeof id}`
}

export function optionsInvalid(message: string): PerdureError {
  return new PerdureError('OPTIONS_INVALID', message)
}

export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  if (typeof value === 'function') return `a function (${value.name === '' ? 'without a name' : value.name})`
  const text = typeof value === 'string' ? `'${value}'` : String(value)
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}
