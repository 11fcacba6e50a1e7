import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { installDeterministicGlobals } from '@perdure/engine'
import { leaveRejectionsInWorkflows } from '../../packages/engine/test/unhandled-context.ts'
import { installUnhandledRejections } from '../../packages/engine/src/worker/turns/unhandled-rejections.ts'
import { createMemoryStore } from '@perdure/testing'
import { ManualClock } from '../../packages/engine/test/manual-clock.ts'
import { checkProgram } from './check.ts'
import { faults } from './faults.ts'
import { happenings } from './happenings.ts'
import { reportOf } from './report.ts'
import { programOf } from './program-choice.ts'
import { choicesOf } from './random.ts'
import { searchPrograms } from './search.ts'
import { differenceOfRun } from './worker-check.ts'
import { runOnWorker } from './worker-run.ts'

installDeterministicGlobals()
before(() => {
  leaveRejectionsInWorkflows()
  installUnhandledRejections()
})

const programs = 150
/** A fault of the engine, or of a log, is found by one of so many. */
const programsToFind = 150
/** The rarest is met by one in some hundreds. */
const programsToMeet = 600
const programsAtOnce = 75

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test(`${programs} random programs, and some more until everything was met, replayed cold after every event, do what they did live (I6)`,
  async () => {
    const missing = new Set(happenings)
    for (let from = 0; from < programs || (missing.size > 0 && from < programsToMeet); from += programsAtOnce) {
      const found = await searchPrograms(numbers(programsAtOnce).map((number) => from + number))
      assert.deepEqual(found.reports.map(([, report]) => report), [])
      for (const what of Object.keys(found.facts)) missing.delete(what)
    }
    assert.deepEqual([...missing], [], `what ${programsToMeet} programs did not meet`)
  })

for (const [name, fault] of Object.entries(faults)) {
  test(`the search finds it when, on replay, ${name}`, async () => {
    for (const number of numbers(programsToFind)) if ((await checkProgram(number, fault)).difference !== undefined) return
    assert.fail(`${programsToFind} programs did not find it`)
  })
}

test('the search finds it when the log of a worker is not what its executions saw', async () => {
  for (const number of numbers(20)) {
    const program = programOf(number)
    const clock = new ManualClock()
    const store = createMemoryStore({ now: () => clock.now() })
    const run = await runOnWorker({ program, random: choicesOf(number), clock, store, maxCachedWorkflows: 1_000, inTurn: false })
    const log = faults['two events in the middle have changed places']?.reorder?.(run.log) ?? []
    assert.equal(await differenceOfRun({ program, record: run.record }, run), undefined)
    if (await differenceOfRun({ program, record: run.record }, { ...run, log }) !== undefined) return
  }
  assert.fail('20 programs did not find it')
})

test('a report shows the program, its events, the difference, and the command that shows it again', async () => {
  const checked = await checkProgram(2, faults['the code has one step more'])
  const report = reportOf(checked)
  for (const part of [/^Program 2, in memory\n {2}handlers /, /\n {2}main\n {4}\w/, /\nEvents: \d+\n {2}came later:\n {4}1 {2}\+\d+ {2}\w+/,
    /\nDifference: commands, after \d+ of \d+ events, when a worker loads it; from line 1 on\nlive\n[^]*\ncold\n {2}.*StartTimer/,
    /\nAgain: npm run replay-races -- --program 2$/]) {
    assert.match(report, part)
  }
})
