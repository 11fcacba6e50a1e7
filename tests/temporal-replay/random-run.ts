/** Random programs of tests/replay-races, run live, as histories in Temporal's form. */
import { installDeterministicGlobals } from '@perdure/engine'
import type { TemporalHistory } from 'perdure/testing'
import type { ExecutionRecord } from '../../packages/engine/src/protocol/execution-record.ts'
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import { encodeArguments } from '../../packages/engine/src/protocol/payload-codec.ts'
import { exportHistory } from '../../packages/engine/src/replay/history-export.ts'
import type { WorkflowFunction } from '../../packages/engine/src/registry.ts'
import { installUnhandledRejections } from '../../packages/engine/src/worker/turns/unhandled-rejections.ts'
import { record } from '../replay-races/instance.ts'
import { startedAt } from '../replay-races/instance-text.ts'
import { runLive } from '../replay-races/live-run.ts'
import { programOf } from '../replay-races/program-choice.ts'
import { interpret } from '../replay-races/program-workflow.ts'
import { choicesOf, type Random } from '../replay-races/random.ts'

export interface RandomRun {
  readonly workflowId: string
  readonly history: TemporalHistory
  readonly facts: ReadonlySet<string>
}

const ends = { completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED' } as const

/** Undefined: its code cannot go on, so nothing of it could be exported. */
export async function randomRun(number: number, hasLocals: boolean): Promise<RandomRun | undefined> {
  installDeterministicGlobals()
  installUnhandledRejections()
  const drawn = programOf(number, 'alone')
  const program = hasLocals ? withLocals(drawn, choicesOf(number)) : drawn
  const { log, facts } = await runLive(program, choicesOf(number ^ 0x5eed))
  if (facts.has('held')) return undefined
  const end = (['completed', 'failed', 'cancelled'] as const).find((each) => facts.has(each))
  const ended: ExecutionRecord = {
    ...record, workflowId: `p${number}`, input: encodeArguments([program], 'a program'), status: end === undefined ? 'RUNNING' : ends[end],
    failure: end === 'failed' ? encodeFailure(new Error('as it may be')) : null,
  }
  const fn = (async () => interpret(program)) as WorkflowFunction
  return { workflowId: `p${number}`, history: await exportHistory({ record: ended, fn, wallClock: () => startedAt }, log), facts }
}

/** Some of its activities are local ones. */
function withLocals<T>(part: T, random: Random): T {
  if (Array.isArray(part)) return part.map((each: unknown) => withLocals(each, random)) as T
  if (typeof part !== 'object' || part === null) return part
  const members = Object.fromEntries(Object.entries(part).map(([name, member]) => [name, withLocals(member as unknown, random)]))
  return (members['kind'] === 'activity' && random.chance(0.4) ? { ...members, kind: 'local' } : members) as T
}
