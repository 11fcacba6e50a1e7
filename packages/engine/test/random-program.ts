/** Little workflow programs as data, their interpreter (workflow code), and how to make them at random. */
import * as fc from 'fast-check'
import { CancellationScope, condition, defineSignal, proxyActivities, setHandler, sleep, uuid4, workflowInfo } from '@perdure/workflow'
import type { WorkflowFunction } from '../src/registry.ts'

export type Step =
  | { readonly kind: 'activity'; readonly name: 'tried' | 'waited' | 'abandoned' }
  | { readonly kind: 'timer'; readonly ms: number }
  | { readonly kind: 'signals'; readonly count: number }
  | { readonly kind: 'signalsOrTime'; readonly count: number; readonly ms: number }
  | { readonly kind: 'random' }
  | { readonly kind: 'all' | 'race' | 'any' | 'allSettled' | 'inOrder'; readonly parts: readonly Step[] }
  | { readonly kind: 'shielded'; readonly body: Step }
  | { readonly kind: 'withTimeout'; readonly ms: number; readonly body: Step }
  /** `body` runs in a scope that is cancelled when `until` has ended. */
  | { readonly kind: 'cancelledAfter'; readonly until: Step; readonly body: Step }
  | { readonly kind: 'caught'; readonly body: Step; readonly instead: Step }

export interface Program {
  readonly main: Step
  /** What the handler of the signal does. */
  readonly onSignal: Step
}

interface Activities {
  tried(place: string): Promise<number>
  waited(place: string): Promise<number>
  abandoned(place: string): Promise<number>
}
const options = { startToCloseTimeout: '1 minute' } as const
const { tried } = proxyActivities<Activities>({ ...options, cancellationType: 'TRY_CANCEL' })
const { waited } = proxyActivities<Activities>({ ...options, cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
const { abandoned } = proxyActivities<Activities>({ ...options, cancellationType: 'ABANDON' })
const activities: Activities = { tried, waited, abandoned }

export const signal = defineSignal('signal')

export function workflowOf(program: Program): WorkflowFunction {
  return async () => {
    const trace: string[] = []
    let signals = 0
    setHandler(signal, async () => {
      const mine = ++signals
      await run(program.onSignal, `s${mine}`).catch((error: unknown) => note(`s${mine}`, error))
    })
    const note = (place: string, what: unknown): void => {
      trace.push(`${place} ${what instanceof Error ? what.name : String(what)} ${Date.now()} ${workflowInfo().historyLength}`)
    }
    const run = async (step: Step, place: string): Promise<unknown> => {
      const value = await (step.kind === 'signals' || step.kind === 'signalsOrTime' ? wait(step) : runStep(step, place, run))
      note(place, value)
      return value
    }
    const wait = (step: { readonly count: number; readonly ms?: number }): Promise<unknown> => (
      step.ms === undefined ? condition(() => signals >= step.count) : condition(() => signals >= step.count, step.ms))
    try {
      await run(program.main, 'm')
    } catch (error) {
      note('end', error)
      throw error
    }
    return trace
  }
}

type Run = (step: Step, place: string) => Promise<unknown>

async function runStep(step: Exclude<Step, { kind: 'signals' | 'signalsOrTime' }>, place: string, run: Run): Promise<unknown> {
  switch (step.kind) {
    case 'activity': return activities[step.name](place)
    case 'timer': return sleep(step.ms)
    case 'random': return `${Math.random()} ${uuid4()}`
    case 'inOrder':
      for (const [index, part] of step.parts.entries()) await run(part, `${place}.${index}`)
      return 'done'
    case 'all':
    case 'race':
    case 'any':
    case 'allSettled': {
      const parts = step.parts.map((part, index) => run(part, `${place}.${index}`))
      for (const part of parts) part.catch(() => undefined)
      return JSON.stringify(await (Promise[step.kind] as (all: Promise<unknown>[]) => Promise<unknown>).call(Promise, parts))
    }
    case 'shielded': return CancellationScope.nonCancellable(() => run(step.body, `${place}.n`))
    case 'withTimeout': return CancellationScope.withTimeout(step.ms, () => run(step.body, `${place}.t`))
    case 'cancelledAfter': {
      const scope = new CancellationScope()
      const body = scope.run(() => run(step.body, `${place}.b`))
      body.catch(() => undefined)
      await run(step.until, `${place}.u`).catch(() => undefined)
      scope.cancel()
      return body
    }
    case 'caught':
      return run(step.body, `${place}.c`).catch(() => run(step.instead, `${place}.d`))
    default: return step satisfies never
  }
}

const ms = fc.constantFrom(1, 5, 10, 10, 25)
const count = fc.integer({ min: 1, max: 3 })
const leaf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('activity' as const), name: fc.constantFrom('tried' as const, 'waited' as const, 'abandoned' as const) }),
  fc.record({ kind: fc.constant('timer' as const), ms }),
  fc.record({ kind: fc.constant('signals' as const), count }),
  fc.record({ kind: fc.constant('signalsOrTime' as const), count, ms }),
  fc.constant({ kind: 'random' as const }),
)

const { step } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf,
    fc.record({
      kind: fc.constantFrom('all' as const, 'race' as const, 'any' as const, 'allSettled' as const, 'inOrder' as const, 'inOrder' as const),
      parts: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('shielded' as const), body: tie('step') }),
    fc.record({ kind: fc.constant('withTimeout' as const), ms, body: tie('step') }),
    fc.record({ kind: fc.constant('cancelledAfter' as const), until: tie('step'), body: tie('step') }),
    fc.record({ kind: fc.constant('caught' as const), body: tie('step'), instead: tie('step') }),
  ),
}))

export const randomProgram: fc.Arbitrary<Program> = fc.record({
  main: fc.array(step, { minLength: 1, maxLength: 4 }).map((parts): Step => ({ kind: 'inOrder', parts })), onSignal: leaf,
})
