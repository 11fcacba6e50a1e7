/** Ways to replay wrongly: what the search must find, or it would find nothing. */
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import type { Faults } from './cold-run.ts'
import type { Drain } from './instance.ts'
import type { Program } from './program.ts'

/** Goes on after so many microtasks, whether or not the code has come to rest. */
function drainOf(hops: number): Drain {
  return async (begin, end) => {
    const begun = begin()
    for (let hop = 0; hop < hops; hop++) await Promise.resolve()
    return end(begun)
  }
}

function swapped(log: readonly EventRecord[]): readonly EventRecord[] {
  const middle = Math.floor(log.length / 2)
  const [one, two] = log.slice(middle - 1)
  return one === undefined || two === undefined || log.length < 2 ? log : [...log.slice(0, middle - 1), two, one, ...log.slice(middle + 1)]
}

const isMessage = ({ type }: EventRecord): boolean => type === 'WorkflowExecutionSignaled' || type === 'WorkflowExecutionCancelRequested'

/** The events of these types come before the one in front of each. */
function earlier(types: readonly string[]): NonNullable<Faults['reorder']> {
  return (log) => {
    const moved = [...log]
    for (let index = 1; index < moved.length; index++) {
      const [before, event] = moved.slice(index - 1)
      if (before === undefined || event === undefined || !types.includes(event.type) || types.includes(before.type)) continue
      moved.splice(index - 1, 2, event, before)
    }
    return moved
  }
}

/** The engine with one of its methods otherwise. */
function otherwise(change: (live: LiveExecution) => object): NonNullable<Faults['spoil']> {
  return (live) => void Object.assign(live.calls, change(live))
}

export const faults: Readonly<Record<string, Faults>> = {
  'the drain ends after twenty microtasks': { drain: drainOf(20) },
  'the drain does not wait': { drain: drainOf(0) },
  'conditions are not looked at after each event': { withoutConditions: true },
  'two events in the middle have changed places': { reorder: swapped },
  'messages are replayed before everything else': {
    reorder: (log) => [...log.filter(isMessage), ...log.filter((event) => !isMessage(event))],
  },
  'time of an event is not what it was': { reorder: (log) => log.map((event) => ({ ...event, at: event.at + 1 })) },
  'the code has one step more': {
    program: (given): Program => ({ ...given, main: { kind: 'block', steps: [{ kind: 'sleep', ms: 1_000 }, given.main] } }),
  },
  'a handler is not set': { program: (given): Program => ({ ...given, handlers: given.handlers.slice(1) }) },
  'marks of patches are missing': { reorder: (log) => log.filter(({ type }) => type !== 'PatchMarked') },
  'children begin, and end, an event too early': { reorder: earlier(['ChildWorkflowExecutionStarted', 'ChildWorkflowExecutionClosed']) },
  'answers of other executions come an event too early': {
    reorder: earlier(['ExternalWorkflowExecutionSignaled', 'SignalExternalWorkflowExecutionFailed']),
  },
  'updates are accepted an event too early': { reorder: earlier(['WorkflowExecutionUpdateAccepted']) },
  'an update that was accepted is missing': { reorder: (log) => log.filter(({ type }) => type !== 'WorkflowExecutionUpdateAccepted') },
  'the engine changes no memo': { spoil: otherwise(() => ({ upsertMemo: () => undefined })) },
  'the engine changes no search attributes': { spoil: otherwise(() => ({ upsertSearchAttributes: () => undefined })) },
  'the engine draws all random streams from one': {
    spoil: otherwise(({ calls }) => ({
      randomStream: () => ({ random: () => calls.random(), uuid4: () => calls.uuid4(), fill: (bytes: Uint8Array) => bytes }),
    })),
  },
  'the engine takes no patch': { spoil: otherwise(() => ({ patched: () => false })) },
  'the engine does not cancel children': { spoil: otherwise(() => ({ cancelChild: () => undefined })) },
  'the engine holds all handlers for finished': { spoil: otherwise(() => ({ allHandlersFinished: () => true })) },
}
