/** docs/reliability.md, from a run. */
import type { Amount, Search } from './searches.ts'

export interface Outcome {
  readonly search: Search
  readonly command: string
  /** The lines that tell what was done. */
  readonly said: readonly string[]
  readonly held: boolean
  readonly seconds: number
}

const amounts: Readonly<Record<Amount, string>> = {
  ci: 'Below is the share that runs with every change; `npm run nightly` runs all of each, for an hour or more.',
  nightly: 'Below is all of each, which takes an hour or more, in two lanes side by side; a share of it runs with every change.',
}

const introduction = (amount: Amount): string => `# Reliability

What is promised, what was tried, how often, and what came of it. This page is written by
\`npm run reliability -- --amount ${amount} --page\` from what it ran. ${amounts[amount]}
Each search tells the commit and the day that it ran on: one can be run again alone, with \`--only <name>\`.
A case that fails prints the command that shows it again.

## What is promised
- **A start, a signal or a cancel request that was acknowledged is kept**, whoever dies afterwards. One whose outcome is unknown
  says so (\`STORE_OUTCOME_UNKNOWN\`); a start is settled by sending it again, because its run id was made before.
- **A step whose end is recorded is never run again.** One that was under way when its worker died is run again, as its retry
  policy allows; with \`maximumAttempts: 1\` it is not. The simulation holds both against the rows after each step; with real
  processes, \`unexpected\` counts recorded steps that ran again (S7 of [performance.md](performance.md)). Below, "executions more than
  one each" are steps whose end was not recorded yet when their worker died.
- **Nobody else's worker writes a history**: one that was frozen, cut off or taken for dead finds its commits refused, and starts
  over by itself.
- **Nothing needs an operator**: what a worker had goes on elsewhere after 2 to 3 s where its process is gone, and after 5 to 7 s
  (its lease and two looks) where its machine is; behind a pooler without a direct connection always after those
  ([postgres.md](postgres.md)).
- **Not promised**: that an activity runs once. Its effects may be there twice after a crash; make them idempotent
  (\`activityInfo()\` has the attempt, and ids that stay the same).

## What was tried
`

const notTried = `
## What was not tried
- **Disks that lie**: a write that was called durable and is not, or that comes back changed.
- **Machines that vanish**: processes are killed and frozen, and connections cut; a host that loses its power looks the same to the others.
- **A real standby that takes over** without the last commits of its primary: what was acknowledged is lost with them, here as
  everywhere. That workers of before then write nothing, and start over from what is there, is tried with one server
  (\`tests/postgres/failover.test.ts\`).
- **Crash points behind a pooler**: there, workers are killed at random moments (\`tests/crash/pooler.postgres.test.ts\`).
`

/** Of which code, and when: "c0ffee1, 2026-01-31". */
export type RanOn = string

export function reliabilityPage(outcomes: readonly Outcome[], amount: Amount, ranOn: RanOn): string {
  return introduction(amount) + outcomes.map((outcome) => section(outcome, ranOn)).join('\n') + notTried
}

/** The page of `before` with these searches told anew. Undefined: it is not a whole page of this amount. */
export function renewedPage(before: string, outcomes: readonly Outcome[], amount: Amount, ranOn: RanOn): string | undefined {
  const start = introduction(amount)
  if (!before.startsWith(start) || !before.endsWith(notTried)) return undefined
  const sections = before.slice(start.length, -notTried.length).split(/^(?=### )/m).map((text) => text.trimEnd())
  for (const outcome of outcomes) {
    const place = sections.findIndex((each) => each.startsWith(`### ${outcome.search.name}\n`))
    if (place === -1) return undefined
    sections[place] = section(outcome, ranOn).trimEnd()
  }
  return `${start}${sections.join('\n\n')}\n${notTried}`
}

function section({ search, command, said, held, seconds }: Outcome, ranOn: RanOn): string {
  const result = held ? 'Everything held' : '**Something failed**'
  return [
    `### ${search.name}`, search.promise, '', search.tried, '', `\`${command}\`: ${result} (${duration(seconds)}; ${ranOn}).`, '',
    ...said.map((line) => `    ${line}`), '',
  ].join('\n')
}

function duration(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`
}
