/** What goes wrong in a simulation, as data: so that a run can be repeated, and done again with fewer. */
import { takeoversMax } from '@perdure/engine'
import type { Random } from './random.ts'

export const faultTypes = ['crash', 'activityFails', 'activityIsSlow', 'messageIsLate', 'messageIsRepeated', 'clockJumps'] as const
export type FaultType = (typeof faultTypes)[number]

/** `commit`, `call` and `message` count from 1 over the whole run: the writes of workers, the attempts that begin, the messages sent. */
export type Fault =
  /** The worker vanishes right before or right after a commit; another starts after a while. */
  | { readonly type: 'crash'; readonly when: 'before' | 'after'; readonly commit: number; readonly downMs: number }
  /** An attempt fails before its function is called, or after it is done and its effect made. */
  | { readonly type: 'activityFails'; readonly when: 'before' | 'after'; readonly call: number }
  /** An attempt takes so long, before its function is called or after it is done. */
  | { readonly type: 'activityIsSlow'; readonly when: 'before' | 'after'; readonly call: number; readonly ms: number }
  | { readonly type: 'messageIsLate'; readonly message: number; readonly ms: number }
  /** It arrives twice, as when its sender sends it again. */
  | { readonly type: 'messageIsRepeated'; readonly message: number }
  /** The clock of the worker is set, forwards or back. */
  | { readonly type: 'clockJumps'; readonly commit: number; readonly ms: number }

const fields: Readonly<Record<FaultType, readonly string[]>> = {
  crash: ['when', 'commit', 'downMs'], activityFails: ['when', 'call'], activityIsSlow: ['when', 'call', 'ms'],
  messageIsLate: ['message', 'ms'], messageIsRepeated: ['message'], clockJumps: ['commit', 'ms'],
}

/** What is wrong with what somebody wrote as a fault; undefined: nothing. */
export function faultProblem(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return 'it is no object'
  const { type, ...others } = given as Readonly<Record<string, unknown>>
  const wanted = faultTypes.find((each) => each === type)
  if (wanted === undefined) return `its type is one of ${faultTypes.join(', ')}`
  const [unknown] = Object.keys(others).filter((name) => !fields[wanted].includes(name))
  if (unknown !== undefined) return `a fault '${wanted}' has no '${unknown}'; it has ${fields[wanted].join(', ')}`
  for (const name of fields[wanted]) {
    const value = others[name]
    if (name === 'when' ? value !== 'before' && value !== 'after' : !Number.isSafeInteger(value)) {
      return `its '${name}' is ${name === 'when' ? "'before' or 'after'" : 'a whole number'}`
    }
  }
  return undefined
}

/** How much there was of everything in the run without faults. */
export interface RunSize {
  readonly commits: number
  readonly calls: number
  readonly messages: number
}

const faultsMax = 6
/** An execution whose worker dies once more is held as `crash_loop`: it would never end, as it should not. */
const crashesMax = takeoversMax - 1

export function drawFaults(random: Random, types: readonly FaultType[], size: RunSize): Fault[] {
  const possible = types.filter((type) => countOf(type, size) > 0)
  if (possible.length === 0) return []
  const faults = Array.from({ length: random.integer(1, faultsMax) }, () => drawFault(random, random.pick(possible), size))
  let crashes = 0
  return faults.filter(({ type }) => type !== 'crash' || ++crashes <= crashesMax)
}

/** Faults make more of everything, so they may come a little after what the run without faults had. */
function drawFault(random: Random, type: FaultType, size: RunSize): Fault {
  const number = random.integer(1, countOf(type, size) + 2)
  const when = random.pick(['before', 'after'] as const)
  switch (type) {
    case 'crash': return { type, when, commit: number, downMs: random.pick([0, 100, 3_000, 12_000]) }
    case 'activityFails': return { type, when, call: number }
    case 'activityIsSlow': return { type, when, call: number, ms: random.pick([50, 2_000, 20_000, 120_000, 3_600_000]) }
    case 'messageIsLate': return { type, message: number, ms: random.pick([10, 1_000, 60_000, 86_400_000]) }
    case 'messageIsRepeated': return { type, message: number }
    case 'clockJumps': return { type, commit: number, ms: random.pick([-600_000, -5_000, 5_000, 600_000]) }
  }
}

function countOf(type: FaultType, { commits, calls, messages }: RunSize): number {
  switch (type) {
    case 'crash':
    case 'clockJumps': return commits
    case 'activityFails':
    case 'activityIsSlow': return calls
    case 'messageIsLate':
    case 'messageIsRepeated': return messages
  }
}

/** A worker that vanishes right before and right after every commit, one at a time. */
export function everyCrash({ commits }: RunSize): Fault[] {
  return Array.from({ length: commits }, (_, index) => index + 1).flatMap((commit) => [
    { type: 'crash', when: 'before', commit, downMs: 100 } as const, { type: 'crash', when: 'after', commit, downMs: 100 } as const,
  ])
}

export function faultText(fault: Fault, callName: (call: number) => string | undefined): string {
  const activity = (call: number): string => `attempt ${call} of an activity${nameText(callName(call))}`
  switch (fault.type) {
    case 'crash': return `the worker crashes ${fault.when} commit ${fault.commit}; the next starts ${fault.downMs} ms later`
    case 'activityFails':
      return `${activity(fault.call)} fails ${fault.when === 'before' ? 'before it does anything' : 'after it has done its work'}`
    case 'activityIsSlow':
      return `${activity(fault.call)} takes ${fault.ms} ms ${fault.when === 'before' ? 'before it begins' : 'to answer'}`
    case 'messageIsLate': return `message ${fault.message} arrives ${fault.ms} ms late`
    case 'messageIsRepeated': return `message ${fault.message} arrives twice`
    case 'clockJumps': return `the clock of the worker jumps by ${fault.ms} ms at commit ${fault.commit}`
  }
}

function nameText(name: string | undefined): string {
  return name === undefined ? '' : ` ('${name}')`
}
