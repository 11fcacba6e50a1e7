/** Random steps on a store, as plain data: workers, runs and times are named by small numbers, so that a failure reads well and shrinks. */
import * as fc from 'fast-check'
import { executionStatuses } from '@perdure/engine'
import type { ClosedStatus, HeldCode, IdConflictPolicy, IdReusePolicy, ParentClosePolicy, UpdateStage } from '@perdure/engine'

/** past and future are minutes from the store's clock, `now` is its clock at the beginning; step orders times of one kind. */
export interface When {
  readonly when: 'past' | 'now' | 'future'
  readonly step: number
}

export interface StartStep {
  readonly id: number
  readonly owned: boolean
  readonly queue: number
  readonly workflowType: number
  readonly priority: number
  readonly wake: When
  readonly startedAt: When
  readonly reusePolicy: IdReusePolicy
  readonly conflictPolicy: IdConflictPolicy
  /** Repeats the run id of an earlier start. */
  readonly repeat: boolean
  readonly link: LinkStep | null
}

export interface LinkStep {
  /** A run, or nobody's child. */
  readonly parent: number | null
  readonly policy: ParentClosePolicy
  readonly expiresAt: When | null
  readonly message: 'none' | 'signal' | 'update'
}

/** A request to another: a start, or a message to a run or to a workflow id. */
export type AskStep = { readonly ask: 'start'; readonly start: StartStep }
  | { readonly ask: 'message'; readonly run: number; readonly by: 'run' | 'id' | 'chain' }

export interface TransitionStep {
  readonly run: number
  readonly events: number
  readonly eventAt: When
  /** Reuses the last event number: the batch must be rejected. */
  readonly clash: boolean
  readonly consume: 'none' | 'first' | 'all' | 'current'
  readonly tasks: readonly { readonly command: number; readonly activityType: number; readonly queue: number; readonly availableAt: When }[]
  readonly cancelTask: number
  readonly end: { readonly type: 'stay' }
    | { readonly type: 'close'; readonly status: ClosedStatus; readonly hasChildren: boolean; readonly next: StartStep | null }
    | { readonly type: 'release'; readonly wakeAt: When | null; readonly held: HeldCode | null }
  readonly resetTakeovers: boolean
  /** Of one that stays. */
  readonly asks: readonly AskStep[]
  readonly updates: readonly { readonly update: number; readonly stage: UpdateStage }[]
  readonly upsert: 'none' | 'memo' | 'both'
}

export type Operation =
  | { readonly do: 'register'; readonly build: number; readonly queues: readonly number[]; readonly types: readonly number[] }
  | {
    readonly do: 'commit'
    readonly worker: number | null
    readonly starts: readonly StartStep[]
    readonly transitions: readonly TransitionStep[]
  }
  | { readonly do: 'claim'; readonly worker: number; readonly now: When }
  | { readonly do: 'post'; readonly run: number; readonly byRun: boolean }
  | { readonly do: 'terminate'; readonly run: number; readonly byRun: boolean; readonly late: boolean; readonly next: StartStep | null }
  | { readonly do: 'requestUpdates'; readonly asked: readonly { readonly run: number; readonly update: number; readonly byRun: boolean }[] }
  | { readonly do: 'tick' | 'takeOver' | 'retire' | 'cancelledTasks'; readonly worker: number }
  | { readonly do: 'readInbox'; readonly worker: number; readonly known: number; readonly limit: number }
  | { readonly do: 'claimTasks' | 'claimQueries'; readonly worker: number; readonly now: When }
  | { readonly do: 'expiredTasks' | 'overdueExecutions'; readonly now: When }
  | { readonly do: 'endTask'; readonly run: number; readonly command: number; readonly attempt: number; readonly retryAt: When | null }
  | { readonly do: 'heartbeat'; readonly run: number; readonly command: number; readonly attempt: number; readonly details: boolean }
  | { readonly do: 'askQuery'; readonly run: number; readonly queue: number; readonly expiresAt: When }
  | { readonly do: 'answerQuery' | 'takeReply'; readonly query: number }

const index = (max: number) => fc.nat({ max })
const when: fc.Arbitrary<When> = fc.record({
  when: fc.constantFrom('past', 'past', 'now', 'future'), step: index(4),
})
const linkStep: fc.Arbitrary<LinkStep> = fc.record({
  parent: fc.option(index(5), { freq: 6 }), policy: fc.constantFrom('TERMINATE', 'TERMINATE', 'REQUEST_CANCEL', 'ABANDON'),
  expiresAt: fc.option(when), message: fc.constantFrom('none', 'none', 'signal', 'update'),
})
const startStep: fc.Arbitrary<StartStep> = fc.record({
  id: index(2), owned: fc.boolean(), queue: index(1), workflowType: index(1), priority: fc.integer({ min: 1, max: 5 }), wake: when,
  // Ahead of the store's clock, it is the store's clock that counts, and each has its own.
  startedAt: fc.record({ when: fc.constantFrom('past', 'now'), step: index(4) }),
  reusePolicy: fc.constantFrom('ALLOW_DUPLICATE', 'ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE'),
  conflictPolicy: fc.constantFrom('FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'),
  repeat: sometimes(),
  link: fc.option(linkStep),
})
const askStep: fc.Arbitrary<AskStep> = fc.oneof(
  fc.record({ ask: fc.constant('start' as const), start: startStep }),
  fc.record({ ask: fc.constant('message' as const), run: index(5), by: fc.constantFrom('run', 'id', 'chain') }),
)
const closedStatus = fc.constantFrom(...executionStatuses.filter((status): status is ClosedStatus => status !== 'RUNNING'))
const heldCode = fc.constantFrom<HeldCode | null>(null, null, 'nondeterminism', 'unknown_workflow_type', 'crash_loop', 'task_failure')
const transitionStep: fc.Arbitrary<TransitionStep> = fc.record({
  run: index(5), events: index(2), eventAt: when, clash: sometimes(), consume: fc.constantFrom('none', 'first', 'all', 'current'),
  tasks: fc.array(fc.record({ command: index(3), activityType: index(1), queue: index(1), availableAt: when }), { maxLength: 2 }),
  cancelTask: index(6),
  end: fc.oneof(
    fc.constant({ type: 'stay' as const }),
    fc.record({ type: fc.constant('close' as const), status: closedStatus, hasChildren: fc.boolean(), next: fc.option(startStep) }),
    fc.record({ type: fc.constant('release' as const), wakeAt: fc.option(when), held: heldCode }),
  ),
  resetTakeovers: sometimes(),
  asks: fc.array(askStep, { maxLength: 3 }), upsert: fc.constantFrom('none', 'none', 'memo', 'both'),
  updates: fc.array(fc.record({
    update: index(2), stage: fc.constantFrom<UpdateStage>('accepted', 'completed', 'rejected'),
  }), { maxLength: 2 }),
})

function sometimes(): fc.Arbitrary<boolean> {
  return index(9).map(drawn => drawn === 9)
}

const worker = index(3)
const run = index(5)
const commit: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('commit' as const), worker: fc.option(worker, { nil: null, freq: 6 }), starts: fc.array(startStep, { maxLength: 2 }),
  transitions: fc.array(transitionStep, { maxLength: 3 }),
})

const single: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    do: fc.constant('register' as const), build: index(1), queues: fc.subarray([0, 1], { minLength: 1 }),
    types: fc.subarray([0, 1], { minLength: 1 }),
  }),
  fc.record({ do: fc.constant('claim' as const), worker, now: when }),
  fc.record({ do: fc.constant('post' as const), run, byRun: fc.boolean() }),
  fc.record({ do: fc.constantFrom('tick' as const, 'takeOver' as const, 'retire' as const, 'cancelledTasks' as const), worker }),
  fc.record({ do: fc.constant('readInbox' as const), worker, known: index(2), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('claimTasks' as const, 'claimQueries' as const), worker, now: when }),
  fc.record({ do: fc.constantFrom('expiredTasks' as const, 'overdueExecutions' as const), now: when }),
  fc.record({
    do: fc.constant('requestUpdates' as const),
    asked: fc.array(fc.record({ run, update: index(2), byRun: fc.boolean() }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ do: fc.constant('endTask' as const), run, command: index(3), attempt: index(2), retryAt: fc.option(when) }),
  fc.record({ do: fc.constant('heartbeat' as const), run, command: index(3), attempt: index(1), details: fc.boolean() }),
  fc.record({ do: fc.constant('askQuery' as const), run, queue: index(1), expiresAt: when }),
  fc.record({ do: fc.constantFrom('answerQuery' as const, 'takeReply' as const), query: index(2) }),
)
const terminate: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('terminate' as const), run, byRun: fc.boolean(), late: fc.boolean(), next: fc.option<StartStep>(startStep),
})

export const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof({ weight: 8, arbitrary: commit }, { weight: 16, arbitrary: single }, { weight: 1, arbitrary: terminate }),
  { minLength: 5, maxLength: 40, size: 'max' },
)
