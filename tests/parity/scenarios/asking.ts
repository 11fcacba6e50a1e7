import { outcomeOf } from '../described-error.ts'
import type { Scenario } from '../stage.ts'

const code = 'asking'

/** Asks while it runs, and again when it has ended. */
function asked(name: string, type: string, query: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type)
      const open = await outcomeOf(handle.query(query, ...args))
      await handle.signal('go')
      const result = await outcomeOf(handle.result())
      return { open, result, closed: await outcomeOf(handle.query(query, ...args)) }
    },
  }
}

export const askingScenarios: readonly Scenario[] = [
  asked('a query is answered', 'answers', 'state'),
  asked('a query that answers nothing', 'answers', 'state', 'nothing'),
  asked('a query that throws a failure', 'answers', 'state', 'failure'),
  asked('a query that throws an error', 'answers', 'state', 'error'),
  asked('a query that answers with a promise', 'answers', 'state', 'promise'),
  asked('a query that issues a command', 'answers', 'state', 'command'),
  asked('a query that nobody answers', 'answers', 'unknown'),
  asked('the default handler of queries', 'answersAll', 'anything', 1, 'two'),
  asked('the default handler of queries leaves those of others', 'answersAll', 'state'),
  {
    name: 'a query of a failed execution', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('fails')
      await outcomeOf(handle.result())
      return outcomeOf(handle.query('state'))
    },
  },
  {
    name: 'a query of an unknown execution', code,
    run: async (stage) => outcomeOf(stage.getHandle(`${stage.id}-unknown`).query('state')),
  },
]
