import {
  condition, continueAsNew, defineQuery, defineSignal, defineUpdate, executeChild, proxyActivities, setHandler, upsertMemo,
  workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'
import { detailsUnder } from '../described-error.ts'
import { kindOf } from '../kind.ts'

const { beatsFirst, defaulted: inActivity, echo, failsWithDetails, kinds } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 minute', retry: { initialInterval: 1, maximumAttempts: 2 },
})

type Given = [string?, unknown?, string?]

export const hear = defineSignal<Given>('hear')
export const change = defineUpdate<unknown, Given>('change')
export const ask = defineQuery<unknown, Given>('ask')

/** Default parameters: which of them apply, and how many arguments came. */
export async function defaulted(...args: Given): Promise<unknown> {
  return applied(...args)
}

function applied(...args: Given): unknown {
  const [first = 'first default', second = 'second default', third = 'third default'] = args
  return [first, second, third, args.length]
}

/** The same of what it calls itself. */
export async function calls(...args: Given): Promise<unknown> {
  const workflowId = `${workflowInfo().workflowId}-child`
  return { activity: await inActivity(...args), child: await executeChild(defaulted, { args, workflowId }) }
}

export async function continues(...args: Given): Promise<unknown> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return applied(...args)
  return continueAsNew<typeof continues>(...args)
}

/** The same of its messages; it ends with the signal. */
export async function hears(): Promise<unknown> {
  let heard: unknown
  setHandler(hear, (...args) => { heard = applied(...args) })
  setHandler(change, (...args) => applied(...args))
  setHandler(ask, (...args) => applied(...args))
  await condition(() => heard !== undefined)
  return heard
}

/** What bytes are in a workflow, in an activity, and when they came back from it; they are its result. */
export async function bytes(given: Uint8Array): Promise<Uint8Array> {
  if (!(given instanceof Uint8Array)) throw new TypeError(`no bytes: ${kindOf(given)}`)
  const back = await echo(given) as Uint8Array
  return new Uint8Array([...given, ...back])
}

export async function kindsOfBytes(given: Uint8Array): Promise<unknown> {
  return { workflow: kindOf(given), activity: await kinds(given, new Uint8Array([7])), back: kindOf(await echo(given)) }
}

/** Bytes among the details of a failure, behind what is undefined. */
export async function bytesInDetails(): Promise<unknown> {
  try {
    await failsWithDetails(undefined, new Uint8Array([0, 255]), 'text')
  } catch (error) {
    return (detailsUnder(error) as readonly unknown[]).map(kindOf)
  }
  return 'no failure'
}

export async function bytesInProgress(): Promise<string> {
  return beatsFirst(new Uint8Array([0, 255]))
}

export async function bytesInMemo(): Promise<unknown> {
  const begun = workflowInfo().memo ?? {}
  upsertMemo({ mine: new Uint8Array([7]) })
  return [begun, workflowInfo().memo ?? {}].map((memo) => Object.entries(memo).map(([name, value]) => `${name}: ${kindOf(value)}`).sort())
}

export async function bytesWithin(): Promise<unknown> {
  return { data: new Uint8Array([0, 255]) }
}
