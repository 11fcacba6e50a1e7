import {
  allHandlersFinished, condition, defineQuery, defineSignal, defineUpdate, proxyActivities, setDefaultSignalHandler,
  setHandler, sleep, Trigger, uuid4, workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'

const { echo } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const put = defineSignal<[string]>('put')
export const other = defineSignal<[string]>('other')
export const change = defineUpdate<string, [string]>('change')
export const log = defineQuery<readonly string[]>('log')

/** What runs when, where messages are there before the first activation. */
export async function startsWithMessages(): Promise<readonly string[]> {
  const steps: string[] = []
  setHandler(put, async (text) => {
    steps.push(`put ${text} begins`)
    await Promise.resolve()
    steps.push(`put ${text} after a microtask`)
  })
  steps.push('put is set')
  setHandler(change, async (text) => {
    steps.push(`change ${text} begins`)
    await Promise.resolve()
    steps.push(`change ${text} after a microtask`)
    return text
  })
  setHandler(other, (text) => { steps.push(`other ${text}`) })
  steps.push('all are set')
  await Promise.resolve()
  steps.push('main after a microtask')
  await condition(() => steps.length >= 3)
  steps.push('main after a condition')
  await sleep(1)
  steps.push('main after a timer')
  return steps
}

/** What runs when, where a timer, an activity and messages all came while no worker ran. */
export async function resumes(timerMs: number): Promise<readonly string[]> {
  const steps: string[] = []
  let puts = 0
  setHandler(log, () => steps)
  setHandler(put, async (text) => {
    puts++
    steps.push(`put ${text} begins`)
    await Promise.resolve()
    steps.push(`put ${text} after a microtask`)
  })
  setHandler(change, async (text) => {
    steps.push(`change ${text}`)
    return text
  })
  const activity = echo(workflowInfo().workflowId).then(() => { steps.push('activity') })
  const timer = sleep(timerMs)
  const first = condition(() => puts === 1).then(() => { steps.push(`condition 1 at ${puts}`) })
  const second = condition(() => puts === 2).then(() => { steps.push(`condition 2 at ${puts}`) })
  await Promise.all([activity, timer, first, second])
  steps.push('all')
  return steps
}

/** A condition that holds between two signals of one activation. */
export async function between(): Promise<string> {
  let count = 0
  setHandler(put, (text) => { count += Number(text) })
  if (await condition(() => count === 1, 2_000)) return `seen at ${count}`
  return `missed, ${count}`
}

/** All that wait for it go on, though the first undoes it. */
export async function oversold(): Promise<readonly string[]> {
  const steps: string[] = []
  let tickets = 0
  setHandler(put, () => { tickets++ })
  const take = async (who: string): Promise<void> => {
    await condition(() => tickets > 0)
    steps.push(`${who} takes one of ${tickets}`)
    tickets--
  }
  await Promise.all([take('ann'), take('bob')])
  return steps
}

/** A condition that holds already, one that has a timeout of zero, and a timer of zero. */
export async function atOnce(): Promise<readonly string[]> {
  const steps: string[] = []
  void Promise.resolve().then(() => { steps.push('microtask') })
  const held = condition(() => true).then(() => { steps.push('condition that holds') })
  const never = condition(() => false, 0).then((value) => { steps.push(`timeout of zero: ${value}`) })
  const timer = sleep(0).then(() => { steps.push('sleep of zero') })
  steps.push('main')
  await Promise.all([held, never, timer])
  return steps
}

/** Timers of different lengths, started in another order. */
export async function timers(): Promise<readonly string[]> {
  const steps: string[] = []
  const timer = async (name: string, ms: number): Promise<void> => {
    await sleep(ms)
    steps.push(name)
  }
  await Promise.all([timer('b', 100), timer('a', 50), timer('c', 100)])
  return steps
}

/** Races of promises of several kinds. */
export async function races(): Promise<readonly unknown[]> {
  const trigger = new Trigger<string>()
  setHandler(put, (text) => { trigger.resolve(text) })
  const raced = await Promise.race([trigger, sleep('1 hour').then(() => 'timer')])
  const both = new Trigger<number>()
  both.resolve(1)
  both.resolve(2)
  both.reject(new Error('too late'))
  const any = await Promise.any([both, sleep('1 hour')])
  return [raced, any, workflowInfo().historyLength > 0]
}

/** Signals for which nobody has set a handler yet. */
export async function setsLate(): Promise<readonly string[]> {
  const steps: string[] = []
  await sleep('2 seconds')
  steps.push('sets other')
  setHandler(other, (text) => { steps.push(`other ${text}`) })
  steps.push('sets put')
  setHandler(put, (text) => { steps.push(`put ${text}`) })
  steps.push('sets the default')
  setDefaultSignalHandler((name, ...args) => { steps.push(`default ${name} ${args.join()}`) })
  steps.push('all set')
  await condition(allHandlersFinished)
  return steps
}

/** A handler that is replaced, and taken back. */
export async function replaces(): Promise<readonly string[]> {
  const steps: string[] = []
  setHandler(put, (text) => {
    steps.push(`first ${text}`)
    setHandler(put, (again) => {
      steps.push(`second ${again}`)
      setHandler(put, undefined)
    })
  })
  await condition(() => steps.length === 2)
  await sleep(300)
  setHandler(put, (text) => { steps.push(`third ${text}`) })
  steps.push('set again')
  return steps
}

/** A handler that sets another, while signals wait for both. */
export async function setsWithin(): Promise<readonly string[]> {
  const steps: string[] = []
  await sleep(1)
  setHandler(put, (text) => {
    steps.push(`put ${text}`)
    setHandler(other, (word) => { steps.push(`other ${word}`) })
    steps.push(`put ${text} has set other`)
  })
  steps.push('all set')
  await condition(allHandlersFinished)
  return steps
}

const isUuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Ids of a workflow and of an activity of it. */
export async function makesIds(): Promise<unknown> {
  const { makesIds: outside } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
  const own = [uuid4(), uuid4()]
  const others = await outside()
  const areIds = [own, others].map((ids) => ids.map((id) => isUuid4.test(id)))
  return { areIds, different: new Set([...own, ...others]).size }
}
