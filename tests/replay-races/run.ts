/**
 * The search for races on replay: `npm run replay-races -- --programs 2000 [--from N]`, in two processes; or `--program 1234`
 * for one, with its listing. A program is its number; so is what happens to it.
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { installDeterministicGlobals } from '@perdure/engine'
import { installUnhandledRejections } from '../../packages/engine/src/worker/turns/unhandled-rejections.ts'
import { commandOptions, wholeNumber } from '../support/command-options.ts'
import { reportOf } from './report.ts'
import { countFacts, happenings } from './happenings.ts'
import { checksOf, searchPrograms, type Found } from './search.ts'

const processes = 2
/** Most of what a program makes is garbage soon, and nobody reads where its errors were made. */
const shareFlags = ['--max-semi-space-size=32', '--single-threaded-gc', '--stack-trace-limit=0']
/** So many meet everything, or the search is not what it was. */
const programsToMeet = 2_000
/** More would be the same fault again. */
const reportsMax = 5

interface Share {
  readonly from: number
  readonly below: number
  readonly step: number
}

interface ShareFound extends Found {
  readonly cpuSeconds: number
}

installDeterministicGlobals()
installUnhandledRejections()

const options = commandOptions('npm run replay-races -- [--programs 2000] [--from 0] | --program 1234', () => {
  const { values } = parseArgs({ options: {
    programs: { type: 'string', default: '2000' }, from: { type: 'string', default: '0' }, program: { type: 'string' },
    share: { type: 'string' },
  } })
  return {
    share: values.share, program: values.program === undefined ? undefined : wholeNumber('program', values.program, 0),
    programs: wholeNumber('programs', values.programs, 0), from: wholeNumber('from', values.from, 0),
  }
})

if (options.share !== undefined) await searchShare(JSON.parse(options.share) as Share)
else if (options.program !== undefined) process.exitCode = await showOne(options.program)
else process.exitCode = await search(options.programs, options.from)

async function showOne(number: number): Promise<number> {
  let differences = 0
  for (const check of checksOf(number)) {
    const checked = await check(number)
    console.log(`${reportOf(checked)}\n`)
    if (checked.difference !== undefined) differences++
  }
  return differences === 0 ? 0 : 1
}

async function search(programs: number, from: number): Promise<number> {
  const begun = performance.now()
  const shares = Array.from({ length: processes }, (_, index): Share => ({ from: from + index, below: from + programs, step: processes }))
  const all = await Promise.all(shares.map(searchInProcess))
  const differing = all.flatMap(({ reports }) => reports).sort(([one], [other]) => one - other)
  for (const [, report] of differing.slice(0, reportsMax)) console.log(`${report}\n`)
  const sum = (of: (found: ShareFound) => number): number => all.reduce((total, found) => total + of(found), 0)
  const seconds = (performance.now() - begun) / 1_000
  const facts = countFacts(all.map((share) => share.facts))
  const cpuSeconds = sum((share) => share.cpuSeconds)
  console.log(`${programs} programs from number ${from} on, ${sum(({ events }) => events)} events, replayed after each in `
    + `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of processor time): ${sum(({ differences }) => differences)} differ.`)
  console.log(`Met: ${Object.entries(facts).map(([fact, count]) => `${fact} ${count}`).join(', ')}`)
  const missing = happenings.filter((what) => facts[what] === undefined)
  if (missing.length > 0) console.log(`Never met: ${missing.join(', ')}`)
  return differing.length === 0 && (missing.length === 0 || programs < programsToMeet) ? 0 : 1
}

function searchInProcess(share: Share): Promise<ShareFound> {
  const child = fork(import.meta.filename, ['--share', JSON.stringify(share)], { execArgv: [...process.execArgv, ...shareFlags] })
  return new Promise((resolve, reject) => {
    child.once('message', (found) => resolve(found as ShareFound))
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The process with programs ${JSON.stringify(share)} ended with ${code}`))
    })
  })
}

async function searchShare({ from, below, step }: Share): Promise<void> {
  process.once('disconnect', () => process.exit())
  const numbers = Array.from({ length: Math.max(0, Math.ceil((below - from) / step)) }, (_, index) => from + index * step)
  const found = await searchPrograms(numbers)
  const { user, system } = process.cpuUsage()
  const told: ShareFound = { ...found, cpuSeconds: (user + system) / 1e6 }
  process.send?.(told, () => process.disconnect())
}
