/** A vote, with signals that come in time, early, and by a name that nobody knows. `npx node examples/signals-and-queries/run.ts` */
import { Engine, WorkflowNotFoundError } from 'perdure'
import { close, lunchVote, standing, vote } from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ lunchVote })
await engine.start()

const options = { workflowId: 'lunch', args: [['soup', 'noodles']] } as const
// Starts the vote, or finds it open; in both cases the signal is there.
const handle = await engine.workflows.signalWithStart(lunchVote, { ...options, signal: vote, signalArgs: ['noodles'] })
await engine.workflows.signalWithStart(lunchVote, { ...options, signal: vote, signalArgs: ['soup'] })
await handle.signal(vote, 'noodles')
await handle.signal('votee', 'soup')
await handle.signal(close)
console.log('winner:', await handle.result())
console.log('standing:', await handle.query(standing))
try {
  await handle.signal(vote, 'soup')
} catch (error) {
  if (error instanceof WorkflowNotFoundError) console.log('too late to vote')
  else throw error
}
