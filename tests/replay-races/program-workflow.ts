/** The one workflow function that runs every program: workflow code as people write it, with `await` at every turn. */
import {
  ApplicationFailure, CancellationScope, condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep, uuid4,
} from '@perdure/workflow'
import { add, holds, note, type Completion, type Far, type Machine, type Observed } from './machine.ts'
import { gateCount, variableCount, type Cancellation, type FarLeaf, type Leaf, type Program, type Step } from './program.ts'

export const traceQuery = defineQuery<readonly string[]>('trace')

const options = { startToCloseTimeout: '1 minute', retry: { initialInterval: 3, backoffCoefficient: 1, maximumAttempts: 3 } } as const
type Activities = Record<'act', (place: string) => Promise<number>>
const calls: Readonly<Record<Cancellation, Activities['act']>> = {
  TRY_CANCEL: proxyActivities<Activities>({ ...options, cancellationType: 'TRY_CANCEL' }).act,
  WAIT_CANCELLATION_COMPLETED: proxyActivities<Activities>({ ...options, cancellationType: 'WAIT_CANCELLATION_COMPLETED' }).act,
  ABANDON: proxyActivities<Activities>({ ...options, cancellationType: 'ABANDON' }).act,
}

/** @param far what its world lets it do beyond itself */
export async function interpret(
  program: Program, observe: (observed: Observed) => void = () => undefined, far?: Far,
): Promise<readonly string[]> {
  const machine: Machine = {
    program, far, call: (index, place) => callFunction(machine, index, place), trace: [], scopes: new Map(), spawned: new Map(),
    variables: Array.from({ length: variableCount }, () => 0),
    gates: Array.from({ length: gateCount }, () => Promise.withResolvers<void>()), startedAt: Date.now(),
  }
  for (const gate of machine.gates) gate.promise.catch(() => undefined)
  observe(machine)
  setHandler(traceQuery, () => machine.trace)
  for (const { signal, function: index } of program.handlers) handle(machine, signal, index)
  far?.begin(machine)
  try {
    await run(machine, program.main, 'm')
  } catch (error) {
    note(machine, 'end', error)
    throw error
  }
  note(machine, 'end', 'returned')
  return machine.trace
}

function handle(machine: Machine, signal: string, index: number | undefined): void {
  const handler = async (value: number): Promise<void> => {
    const place = `${signal}${value}`
    machine.variables[value % variableCount] = (machine.variables[value % variableCount] ?? 0) + 1
    note(machine, place, 'heard')
    try {
      await callFunction(machine, index ?? 0, place)
    } catch (error) {
      note(machine, place, error)
      if (value % 11 === 0) throw error
    }
  }
  setHandler(defineSignal<[number]>(signal), index === undefined ? undefined : handler)
}

async function callFunction(machine: Machine, index: number, place: string): Promise<void> {
  const body = machine.program.functions[index]
  if (body !== undefined) await run(machine, body, `${place}f${index}`)
}

async function run(machine: Machine, step: Step, place: string): Promise<Completion> {
  switch (step.kind) {
    case 'block':
      for (const [index, each] of step.steps.entries()) {
        const completion = await run(machine, each, `${place}.${index}`)
        if (completion !== 'done') return completion
      }
      return 'done'
    case 'if':
      return run(machine, holds(machine, step) ? step.holding : step.otherwise, place)
    case 'patched':
      return run(machine, machine.far?.isPatched(machine, step.id, place) === true ? step.holding : step.otherwise, place)
    case 'loop':
      return rounds(machine, step.body, place, (round) => round < step.times)
    case 'while':
      return rounds(machine, step.body, place, (round) => round < 4 && (machine.variables[step.variable] ?? 0) < step.below)
    case 'try':
      return tried(machine, step, place)
    case 'race':
    case 'any':
    case 'all':
    case 'allSettled':
      note(machine, place, await combined(machine, step, place))
      return 'done'
    case 'then': {
      const first = run(machine, step.first, `${place}1`).then(() => run(machine, step.next, `${place}2`))
      const { last } = step
      const cleanUp = (): unknown => (last === undefined ? undefined : run(machine, last, `${place}3`))
      await (last === undefined ? first : first.finally(cleanUp))
      return 'done'
    }
    case 'scope':
      return scoped(machine, step, place)
    case 'spawn': {
      const spawned = run(machine, step.body, `${place}s`)
      if (step.handled) spawned.catch((error: unknown) => note(machine, `${place}s`, error))
      machine.spawned.set(step.slot, spawned)
      return 'done'
    }
    default:
      return runLeaf(machine, step, place)
  }
}

async function rounds(machine: Machine, body: Step, place: string, goesOn: (round: number) => boolean): Promise<Completion> {
  for (let round = 0; goesOn(round); round++) {
    const completion = await run(machine, body, `${place}r${round}`)
    if (completion === 'return') return completion
    if (completion === 'break') break
    await Promise.resolve()
  }
  return 'done'
}

async function tried(machine: Machine, step: Extract<Step, { kind: 'try' }>, place: string): Promise<Completion> {
  try {
    return await run(machine, step.body, `${place}t`)
  } catch (error) {
    note(machine, place, error)
    if (step.caught === undefined) throw error
    return await run(machine, step.caught, `${place}c`)
  } finally {
    if (step.finally !== undefined) await run(machine, step.finally, `${place}y`)
  }
}

/** Tells which part decided, and how. What the others still do goes on. */
async function combined(machine: Machine, step: Extract<Step, { parts: unknown }>, place: string): Promise<string> {
  const parts = step.parts.map(async (part, index) => {
    await run(machine, part, `${place}.${index}`)
    note(machine, `${place}.${index}`, 'settled')
    return index
  })
  const { kind } = step
  switch (kind) {
    case 'race': return `race ${await Promise.race(parts)}`
    case 'any': return `any ${await Promise.any(parts)}`
    case 'all': return `all ${(await Promise.all(parts)).length}`
    case 'allSettled': return `allSettled ${(await Promise.allSettled(parts)).map(({ status }) => status[0]).join('')}`
    default: return kind satisfies never
  }
}

async function scoped(machine: Machine, step: Extract<Step, { kind: 'scope' }>, place: string): Promise<Completion> {
  const scope = new CancellationScope(typeof step.scope === 'number'
    ? { cancellable: true, timeout: step.scope * machine.program.msScale } : { cancellable: step.scope === 'cancellable' })
  machine.scopes.set(step.slot, scope)
  return scope.run(() => run(machine, step.body, `${place}x`))
}

async function runLeaf(machine: Machine, step: Leaf | FarLeaf, place: string): Promise<Completion> {
  switch (step.kind) {
    case 'activity': {
      const result = await calls[step.cancellation](place)
      add(machine, step.into, result)
      note(machine, place, result)
      return 'done'
    }
    case 'sleep':
      await sleep(step.ms * machine.program.msScale)
      note(machine, place, 'slept')
      return 'done'
    case 'timeout':
      setTimeout(() => { add(machine, step.variable, step.add); note(machine, place, 'called') }, step.ms * machine.program.msScale)
      return 'done'
    case 'set':
      add(machine, step.variable, step.add)
      return 'done'
    case 'condition':
      note(machine, place, await (step.ms === undefined
        ? condition(() => holds(machine, step)) : condition(() => holds(machine, step), step.ms * machine.program.msScale)))
      return 'done'
    case 'hops':
      for (let hop = 0; hop < step.count; hop++) await Promise.resolve()
      return 'done'
    case 'random':
      note(machine, place, `${Math.random()} ${uuid4()}`)
      return 'done'
    default:
      return runJump(machine, step, place)
  }
}

type Jump = Exclude<Leaf | FarLeaf, { kind: 'activity' | 'sleep' | 'timeout' | 'set' | 'condition' | 'hops' | 'random' }>

async function runJump(machine: Machine, step: Jump, place: string): Promise<Completion> {
  switch (step.kind) {
    case 'throw':
      throw step.what === 'plain' ? new Error(`thrown at ${place}`) : ApplicationFailure.create({ message: `thrown at ${place}` })
    case 'return':
    case 'break':
      return step.kind
    case 'call':
      await callFunction(machine, step.function, place)
      return 'done'
    case 'cancel':
      if (step.slot === 'current') CancellationScope.current().cancel()
      else machine.scopes.get(step.slot)?.cancel()
      return 'done'
    case 'cancelRequested':
      await CancellationScope.current().cancelRequested
      return 'done'
    case 'join':
      await machine.spawned.get(step.slot)
      note(machine, place, 'joined')
      return 'done'
    case 'gate':
      await machine.gates[step.gate]?.promise
      note(machine, place, 'open')
      return 'done'
    case 'settle': {
      const gate = machine.gates[step.gate]
      if (step.how === 'resolve') gate?.resolve()
      else gate?.reject(new Error(`gate ${step.gate} rejected at ${place}`))
      return 'done'
    }
    case 'handle':
      handle(machine, step.signal, step.function)
      return 'done'
    default:
      await machine.far?.run(machine, step, place)
      return 'done'
  }
}
