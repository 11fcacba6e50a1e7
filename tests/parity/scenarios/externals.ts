import { outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, Stage } from '../stage.ts'

const code = 'externals'

interface Other {
  readonly words: number
  readonly end?: (other: Handle, stage: Stage) => Promise<unknown>
}

/** One execution acts on another that listens. */
function between(name: string, type: string, { words, end }: Other): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const workflowId = `${stage.id}-other`
      const other = await stage.start('listener', { workflowId, args: [words] })
      const handle = await stage.start(type, { args: [workflowId] })
      const result = await outcomeOf(handle.result())
      if (end !== undefined) await end(other, stage)
      return { result, events: await handle.events(), other: await outcomeOf(other.result()), otherEvents: await other.events() }
    },
  }
}

function toClosed(name: string, type: string, withRunId: boolean): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const workflowId = `${stage.id}-other`
      const other = await stage.start('listener', { workflowId, args: [0] })
      await other.result()
      return runOf(stage, type, withRunId ? [workflowId, other.runId] : [workflowId])
    },
  }
}

async function runOf(stage: Stage, type: string, args: readonly unknown[]): Promise<unknown> {
  const handle = await stage.start(type, { args })
  return { result: await outcomeOf(handle.result()), events: await handle.events() }
}

function alone(name: string, type: string, argsOf: (stage: Stage) => readonly unknown[] = () => []): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      return runOf(stage, type, argsOf(stage))
    },
  }
}

export const externalScenarios: readonly Scenario[] = [
  between('an external signal', 'signalsOther', { words: 1 }),
  between('several external signals at once', 'signalsOften', { words: 3 }),
  between('an external cancellation', 'cancelsOther', { words: 1 }),
  between('an external signal that is withdrawn at once', 'withdraws', { words: 1, end: (other) => other.signal('word', 'end') }),
  between('an external signal that is sent at the end', 'signalsAtItsEnd', {
    words: 1,
    end: async (other, stage) => {
      await stage.pass(300)
      await other.signal('word', 'end').catch(() => {})
    },
  }),
  toClosed('an external signal to a closed execution', 'signalsOther', false),
  toClosed('an external signal to a closed run', 'signalsOther', true),
  toClosed('an external cancellation of a closed execution', 'cancelsOther', false),
  toClosed('an external cancellation of a closed run', 'cancelsOther', true),
  alone('an external signal to an unknown execution', 'signalsOther', ({ id }) => [`${id}-unknown`]),
  alone('an external cancellation of an unknown execution', 'cancelsOther', ({ id }) => [`${id}-unknown`]),
  alone('an external signal to an unknown run', 'signalsOther', ({ id }) => [`${id}-unknown`, 'a14b1e60-0000-4000-8000-000000000000']),
  alone('a workflow signals itself', 'signalsItself'),
  alone('a workflow cancels itself', 'cancelsItself'),
]
