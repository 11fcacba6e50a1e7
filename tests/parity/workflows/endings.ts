import {
  ApplicationFailure, CancellationScope, condition, defineSignal, defineUpdate, getExternalWorkflowHandle, proxyActivities, setHandler,
  sleep, startChild, Trigger, workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'

const { echo, fail } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })

export const go = defineSignal('go')
export const slow = defineSignal('slow')
export const ask = defineUpdate<string>('ask')

type Unhandled = 'error' | 'failure' | 'activity' | 'after main'

/** A promise rejects that nobody looks at. */
export async function unhandled(what: Unhandled): Promise<string> {
  if (what === 'error') void Promise.reject(new TypeError('nobody looks'))
  if (what === 'failure') void Promise.reject(ApplicationFailure.create({ message: 'nobody looks at this failure' }))
  if (what === 'activity') void fail('nobody looks at this activity', 'Trouble', true)
  if (what === 'after main') void Promise.resolve().then(() => { throw new TypeError('thrown after main') })
  if (what !== 'after main') await sleep('30 seconds')
  return 'returned'
}

type Thrower = 'timeout' | 'condition' | 'signal' | 'signal failure' | 'signal later'

/** Something throws that is not main. */
export async function throwsAside(what: Thrower): Promise<string> {
  setHandler(go, async () => {
    if (what === 'signal') throw new TypeError('thrown by a signal handler')
    if (what === 'signal failure') throw ApplicationFailure.create({ message: 'a failure of a signal handler', type: 'OfSignal' })
    if (what === 'signal later') {
      await sleep(1)
      throw ApplicationFailure.create({ message: 'a later failure of a signal handler', type: 'OfSignal' })
    }
  })
  if (what === 'timeout') setTimeout(() => { throw new TypeError('thrown by setTimeout') }, 10)
  if (what === 'condition') await condition(() => { throw new TypeError('thrown by a predicate') })
  await condition(() => false, '30 seconds')
  return 'returned'
}

type Last = 'activity' | 'timer' | 'signal' | 'child'

/** Work that is asked for in the last activation. */
export async function lastWork(what: Last): Promise<string> {
  await sleep(1)
  if (what === 'activity') void echo('last')
  if (what === 'timer') void sleep('1 hour')
  if (what === 'signal') void getExternalWorkflowHandle(`${workflowInfo().workflowId}-other`).signal(go)
  if (what === 'child') void startChild(never, { args: [] })
  return 'returned'
}

export async function never(): Promise<void> {
  await condition(() => false)
}

/** Ends while a signal handler waits. */
export async function leavesHandler(): Promise<readonly string[]> {
  const steps: string[] = []
  let done = false
  setHandler(slow, async () => {
    steps.push('begins')
    await sleep('1 hour')
    steps.push('ends')
  })
  setHandler(go, () => { done = true })
  await condition(() => done)
  return steps
}

/** A signal that comes with the last activation still runs its handler. */
export async function lastSignal(): Promise<readonly string[]> {
  const steps: string[] = []
  setHandler(go, () => { steps.push('go') })
  await sleep(100)
  steps.push('returns')
  return steps
}

/** Main returns; what its promises do later is not waited for. */
export async function goesOnAfterReturn(): Promise<string> {
  void (async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
    await echo('after the end')
  })()
  return 'returned'
}

type Returned = 'undefined' | 'null' | 'date' | 'map' | 'bigint' | 'nested' | 'cyclic' | 'function'

/** What a value is when it has been stored. */
export async function returns(what: Returned): Promise<unknown> {
  switch (what) {
    case 'undefined': return undefined
    case 'null': return null
    case 'date': return { at: new Date(0) }
    case 'map': return new Map([[1, 2]])
    case 'bigint': return 1n
    case 'nested': return { a: [undefined, () => 1, Number.NaN], b: undefined }
    case 'cyclic': {
      const value: Record<string, unknown> = {}
      value['self'] = value
      return value
    }
    case 'function': return () => 1
  }
}

type Thrown = 'string' | 'object' | 'undefined' | 'cause' | 'aggregate' | 'failure with cause'

/** What an execution fails with. */
export async function throws(what: Thrown): Promise<unknown> {
  switch (what) {
    case 'string': throw 'a text' as unknown as Error
    case 'object': throw { message: 'an object', code: 7 } as unknown as Error
    case 'undefined': throw undefined as unknown as Error
    case 'cause': throw new RangeError('outer', { cause: new TypeError('inner', { cause: 'innermost' }) })
    case 'aggregate': return Promise.any([Promise.reject(new TypeError('one')), Promise.reject(new TypeError('two'))])
    case 'failure with cause': throw ApplicationFailure.create({ message: 'outer', type: 'Outer', cause: new TypeError('inner') })
  }
}

/** A trigger that is rejected, and one that settles twice. */
export async function triggers(): Promise<readonly unknown[]> {
  const trigger = new Trigger<number>()
  const log: unknown[] = []
  const waiting = CancellationScope.cancellable(async () => trigger).catch((error: unknown) => { log.push((error as Error).message) })
  trigger.reject(new TypeError('rejected'))
  trigger.resolve(1)
  await waiting
  return log
}

class Refused extends Error {}
class CardRefused extends Refused {}

type Refusal = 'above' | 'itself' | 'below' | 'name'

/** An error whose class stands under, at or above the one that is named Refused, or that calls itself so. */
export async function refuses(what: Refusal): Promise<void> {
  if (what === 'above') throw new CardRefused('the class above is named')
  if (what === 'itself') throw new Refused('its class is named')
  if (what === 'below') throw new Error('a class below is named')
  throw Object.assign(new Error('it calls itself so'), { name: 'Refused' })
}
