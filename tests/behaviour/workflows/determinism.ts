import {
  CancellationScope, defineQuery, defineSignal, condition, inWorkflowContext, proxyActivities, setHandler, sleep, uuid4,
} from 'perdure/workflow'
import type * as failing from '../activities/failing.ts'
import type * as steps from '../activities/steps.ts'

const { greet, gated } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })

const { failFinally } = proxyActivities<typeof failing>({ startToCloseTimeout: '1 minute' })

export const drawn = defineQuery<unknown>('drawn')
export const stop = defineSignal('stop')

const draw = () => ({
  now: Date.now(), date: new Date().toISOString(), random: Math.random(), uuid: crypto.randomUUID(), own: uuid4(),
  bytes: [...crypto.getRandomValues(new Uint8Array(4))], elapsed: performance.now(),
})

/** Draws before, between and after; a query shows all of it at any time. */
export async function draws(): Promise<unknown> {
  const all: unknown[] = []
  let stopped = false
  setHandler(drawn, () => all)
  setHandler(stop, () => {
    stopped = true
  })
  all.push(draw())
  await greet('you')
  all.push(draw())
  await sleep(5)
  all.push(draw())
  await condition(() => stopped)
  return all
}

export async function fetchesAndCatches(): Promise<unknown> {
  try {
    await fetch('http://127.0.0.1/')
  } catch (error) {
    return { name: (error as Error).name, code: (error as { code?: unknown }).code, message: (error as Error).message }
  }
  return 'fetched'
}

export async function fetches(): Promise<void> {
  await fetch('http://127.0.0.1/')
}

export async function awaitsForeign(): Promise<string> {
  await crypto.subtle.digest('SHA-256', new Uint8Array(4))
  return greet('you')
}

export async function context(): Promise<boolean> {
  return inWorkflowContext()
}

/** Rejected by nobody: the execution is held, not lost. */
export async function rejectsUnhandled(): Promise<void> {
  void Promise.reject(new Error('nobody listens'))
  await sleep('1 hour')
}

/** Nobody awaits what the engine rejects. */
export async function leavesActivityAlone(key: string): Promise<void> {
  void failFinally(key)
  await sleep('1 hour')
}

/** Nobody awaits what is cancelled either. */
export async function leavesCancelledAlone(key: string): Promise<void> {
  const scope = new CancellationScope()
  void scope.run(async () => { void gated(key, 'left') })
  await sleep(1)
  scope.cancel()
  await sleep('1 hour')
}

export async function throwsInPredicate(): Promise<void> {
  await condition(() => {
    throw new Error('predicate broke')
  })
}

/** Two steps, the second behind a gate: what another version of it is tried on. */
export async function versioned(key: string): Promise<string> {
  const greeting = await greet('you')
  return `${greeting} ${await gated(key, 'gate')}`
}
