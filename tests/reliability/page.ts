/** docs/reliability.md, from a run. */
import type { Search } from './searches.ts'

export interface Outcome {
  readonly search: Search
  readonly command: string
  /** The lines that tell what was done. */
  readonly said: readonly string[]
  readonly held: boolean
  readonly seconds: number
}

const introduction = `# Reliability

What is promised, what was tried, how often, and what came of it. This page is written by
\`npm run reliability -- --amount nightly --page\` from what it ran; \`--amount ci\` is a share of it, and runs with every change.
A case that fails prints the command that shows it again.

## What is promised
- **A start, a signal or a cancel request that was acknowledged is kept**, whoever dies afterwards. One whose outcome is unknown
  says so (\`STORE_OUTCOME_UNKNOWN\`); a start is settled by sending it again, because its run id was made before.
- **A step whose end is recorded is never run again.** One that was under way when its worker died is run again, as its retry
  policy allows; with \`maximumAttempts: 1\` it is not.
- **Nobody else's worker writes a history**: one that was frozen, cut off or taken for dead finds its commits refused, and starts
  over by itself.
- **Nothing needs an operator**: a worker that dies is noticed within some two seconds where its process is gone, and within its
  lease (5 s) where its machine is. Behind a pooler without a direct connection it is always the lease.
- **Not promised**: that an activity runs once. Its effects may be there twice after a crash; make them idempotent
  (\`activityInfo()\` has the attempt, and ids that stay the same).

## What was tried
`

export function reliabilityPage(outcomes: readonly Outcome[]): string {
  return introduction + outcomes.map(section).join('\n')
}

function section({ search, command, said, held, seconds }: Outcome): string {
  const result = held ? 'Everything held' : '**Something failed**'
  return [
    `### ${search.name}`, search.promise, '', search.tried, '', `\`${command}\`: ${result} (${duration(seconds)}).`, '',
    ...said.map((line) => `    ${line}`), '',
  ].join('\n')
}

function duration(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`
}
