import { HandlerUnfinishedPolicy } from '@temporalio/common'
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, currentUpdateInfo, defineQuery, defineSignal,
  defineUpdate, proxyActivities, setDefaultUpdateHandler, setHandler, sleep,
} from '@temporalio/workflow'
import type * as activities from '../../parity/activities/steps.ts'
import { describedError } from '../../parity/described-error.ts'

const { echo } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const add = defineUpdate<number, [number]>('add')
export const slow = defineUpdate<string, [string]>('slow')
export const broken = defineUpdate<void, [string]>('broken')
export const finish = defineSignal('finish')
export const seen = defineQuery<readonly string[]>('seen')

/** Handlers that end at once, after an activity, and badly. */
export async function counter(): Promise<readonly unknown[]> {
  const log: unknown[] = []
  let total = 0
  let done = false
  setHandler(seen, () => log as string[])
  setHandler(finish, () => { done = true })
  setHandler(add, (by) => {
    log.push(`add ${by}`)
    return total += by
  }, {
    validator: (by) => {
      if (by < 0) throw new RangeError(`${by} is below zero`)
      if (by > 100) throw ApplicationFailure.create({ message: 'too much', type: 'TooMuch', details: [by] })
    },
  })
  setHandler(slow, async (text) => {
    log.push(`slow ${text} began`, currentUpdateInfo()?.name)
    const answer = await echo(text)
    log.push(`slow ${text} ended`, currentUpdateInfo()?.id)
    return `${String(answer)}!`
  })
  setHandler(broken, (kind) => {
    if (kind === 'failure') throw ApplicationFailure.nonRetryable('broke', 'Broken', 7)
    if (kind === 'later') return CancellationScope.cancellable(async () => {
      await sleep(1)
      throw ApplicationFailure.create({ message: 'broke later', type: 'Broken' })
    })
    if (kind === 'plain') throw new TypeError('a plain error')
    return undefined
  })
  log.push('main', currentUpdateInfo() ?? null)
  await condition(() => done)
  log.push(`finished ${allHandlersFinished()}`)
  await condition(allHandlersFinished)
  return log
}

/** The function of a validator must not wait. */
export async function waitingValidator(): Promise<void> {
  let done = false
  setHandler(finish, () => { done = true })
  setHandler(add, (by) => by, { validator: (async () => { await Promise.resolve() }) as never })
  await condition(() => done)
}

/** Sets handlers at once, after microtasks, or after a timer. */
export async function late(when: 'at once' | 'microtasks' | 'timer'): Promise<readonly string[]> {
  const log: string[] = ['main']
  if (when === 'microtasks') for (let i = 0; i < 5; i++) await Promise.resolve()
  if (when === 'timer') await sleep(1)
  log.push('sets')
  setHandler(add, (by) => {
    log.push(`add ${by}`)
    return by
  })
  log.push('has set')
  await sleep(10)
  return log
}

/** Ends while handlers wait. */
export async function leaves(policy: keyof typeof HandlerUnfinishedPolicy): Promise<string> {
  let done = false
  setHandler(slow, async () => {
    await condition(() => false)
    return 'never'
  }, { unfinishedPolicy: HandlerUnfinishedPolicy[policy] })
  setHandler(finish, () => { done = true })
  await condition(() => done)
  return 'left'
}

/** An update ends it. */
export async function endedByUpdate(how: 'return' | 'throw' | 'continue' | 'fail'): Promise<string> {
  let done = false
  setHandler(slow, async (text) => {
    if (how === 'continue') await continueAsNew<typeof endedByUpdate>('return')
    done = true
    if (how === 'fail') throw ApplicationFailure.create({ message: 'the update fails' })
    return text
  })
  await condition(() => done)
  if (how === 'throw') throw ApplicationFailure.create({ message: 'main throws' })
  return 'ended'
}

export async function anyUpdate(): Promise<readonly unknown[]> {
  const log: unknown[] = []
  let done = false
  setHandler(finish, () => { done = true })
  setHandler(add, (by) => {
    log.push(`add ${by}`)
    return by
  })
  setDefaultUpdateHandler((name, ...args) => {
    log.push([name, args])
    return `default ${name}`
  })
  await condition(() => done)
  return log
}

export async function withoutHandlers(): Promise<void> {
  let done = false
  setHandler(finish, () => { done = true })
  await condition(() => done)
}

/** Handlers run in the root scope: cancelling the workflow cancels what they wait for. */
export async function cancelledWhileHandling(): Promise<readonly unknown[]> {
  const log: unknown[] = []
  setHandler(slow, async (text) => {
    try {
      await sleep('1 hour')
    } catch (error) {
      log.push(`handler ${text}`, describedError(error))
      throw error
    }
    return text
  })
  try {
    await condition(() => false)
  } catch (error) {
    log.push('main', describedError(error))
  }
  await CancellationScope.nonCancellable(() => sleep(1))
  return log
}

/** Order of two handlers that wait for the same, and of main. */
export async function order(): Promise<readonly string[]> {
  const log: string[] = []
  let open = false
  setHandler(slow, async (text) => {
    log.push(`${text} began`)
    await condition(() => open)
    log.push(`${text} ended`)
    return text
  })
  setHandler(add, (by) => {
    open = true
    log.push(`add ${by}`)
    return by
  })
  await condition(() => open)
  log.push('main')
  await condition(allHandlersFinished)
  log.push('all finished')
  return log
}
