/** Workflow programs as data. `program-workflow.ts` runs them, `program-choice.ts` makes them, `program-text.ts` shows them. */

export const variableCount = 3
export const gateCount = 2
export const slotCount = 3
export const updateNames = ['u', 'v'] as const
export const patchIds = ['one', 'two', 'three'] as const
export const childTypes = ['TRY_CANCEL', 'WAIT_CANCELLATION_REQUESTED', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const
export const signalNames = ['a', 'b', 'c'] as const

export type Cancellation = 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'ABANDON'
export type ChildCancellation = (typeof childTypes)[number]
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

/** What concerns other executions, updates, patches, and what the execution shows and draws. */
export type FarLeaf =
  | { readonly kind: 'local'; readonly cancellation: Cancellation; readonly into: number }
  | {
    readonly kind: 'child'; readonly cancellation: ChildCancellation; readonly closePolicy: 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL'
    readonly awaits: 'start' | 'end'; readonly notes: number; readonly named: boolean; readonly how: number; readonly into: number
  }
  /** To itself, or to an execution that there is not. */
  | { readonly kind: 'external'; readonly asks: 'signal' | 'cancel'; readonly self: boolean }
  | { readonly kind: 'patch'; readonly id: string; readonly deprecated: boolean; readonly variable: number }
  | { readonly kind: 'continueAsNew' }
  | { readonly kind: 'draw'; readonly from: 'stream' | 'within' | 'platform' }
  | { readonly kind: 'info' }
  | { readonly kind: 'upsert'; readonly what: 'memo' | 'attributes' | 'details'; readonly key: number }
  | { readonly kind: 'answer'; readonly update: string; readonly function: number | undefined; readonly validates: boolean }
  | { readonly kind: 'handlersFinished' }

export type Step =
  | Leaf
  | FarLeaf
  | { readonly kind: 'patched'; readonly id: string; readonly holding: Step; readonly otherwise: Step }
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
  /** The same of updates. Absent: it knows nothing of what FarLeaf does, and the world asks it nothing. */
  readonly updates?: readonly Answering[]
}

export interface Answering {
  readonly update: string
  readonly function: number
  readonly validates: boolean
}
