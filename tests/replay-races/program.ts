/** Workflow programs as data. `program-workflow.ts` runs them, `program-choice.ts` makes them, `program-text.ts` shows them. */

export const variableCount = 3
export const gateCount = 2
export const slotCount = 3
export const signalNames = ['a', 'b', 'c'] as const

export type Cancellation = 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON'
export type Combinator = 'race' | 'any' | 'all' | 'allSettled'

export type Leaf =
  /** Its result is added to the variable. */
  | { readonly kind: 'activity'; readonly cancellation: Cancellation; readonly into: number }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** setTimeout whose callback adds to the variable. */
  | { readonly kind: 'timeout'; readonly ms: number; readonly variable: number; readonly add: number }
  | { readonly kind: 'set'; readonly variable: number; readonly add: number }
  | { readonly kind: 'condition'; readonly variable: number; readonly atLeast: number; readonly ms: number | undefined }
  /** Awaits promises that are settled already. */
  | { readonly kind: 'hops'; readonly count: number }
  | { readonly kind: 'random' }
  | { readonly kind: 'throw'; readonly what: 'application' | 'plain' }
  | { readonly kind: 'return' }
  | { readonly kind: 'break' }
  | { readonly kind: 'call'; readonly function: number }
  | { readonly kind: 'cancel'; readonly slot: number | 'current' }
  | { readonly kind: 'cancelRequested' }
  | { readonly kind: 'join'; readonly slot: number }
  /** A promise that other branches and handlers settle. */
  | { readonly kind: 'gate'; readonly gate: number }
  | { readonly kind: 'settle'; readonly gate: number; readonly how: 'resolve' | 'reject' }
  | { readonly kind: 'handle'; readonly signal: string; readonly function: number | undefined }

export type Step =
  | Leaf
  | { readonly kind: 'block'; readonly steps: readonly Step[] }
  | { readonly kind: 'if'; readonly variable: number; readonly atLeast: number; readonly holding: Step; readonly otherwise: Step }
  | { readonly kind: 'loop'; readonly times: number; readonly body: Step }
  /** At most four rounds. */
  | { readonly kind: 'while'; readonly variable: number; readonly below: number; readonly body: Step }
  | { readonly kind: Combinator; readonly parts: readonly Step[] }
  | { readonly kind: 'try'; readonly body: Step; readonly caught: Step | undefined; readonly finally: Step | undefined }
  | { readonly kind: 'then'; readonly first: Step; readonly next: Step; readonly last: Step | undefined }
  | { readonly kind: 'scope'; readonly scope: 'cancellable' | 'nonCancellable' | number; readonly slot: number; readonly body: Step }
  /** A promise that is not awaited here, perhaps never. */
  | { readonly kind: 'spawn'; readonly slot: number; readonly handled: boolean; readonly body: Step }

export interface Program {
  /** What a duration of 1 lasts. */
  readonly msScale: number
  readonly main: Step
  /** Each may call those after it. */
  readonly functions: readonly Step[]
  /** Set before anything else runs. */
  readonly handlers: readonly { readonly signal: string; readonly function: number }[]
}
