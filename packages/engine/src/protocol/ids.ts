/** Identifiers. All are strings or numbers at run time; the brands keep them apart at compile time. */
export type RunId = string & { readonly runIdBrand: true }
/** One start of one worker process. Numbers grow; a number is never used twice in one database. */
export type Incarnation = number & { readonly incarnationBrand: true }
/** Number of a command within its execution, from 1. */
export type CommandNumber = number
/** Milliseconds since the epoch, by the store's clock. */
export type Millis = number

export const asRunId = (text: string): RunId => text as RunId
export const asIncarnation = (value: number): Incarnation => value as Incarnation

/** Stands as the worker of attempts that nobody of ours runs any more: whoever has their token ends them. */
export const outsideWorker = asIncarnation(0)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isRunId(text: string): text is RunId {
  return uuidPattern.test(text)
}
