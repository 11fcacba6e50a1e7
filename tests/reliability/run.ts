/**
 * `npm run reliability -- [--amount ci|nightly] [--only <name>] [--page]`: runs all searches for faults, and says what was tried.
 * `--page` writes docs/reliability.md from what came of it; with `--only`, these searches alone are told anew. Searches that wait
 * (for processes to die, for leases to end) run beside those that compute.
 */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { commandOptions } from '../support/command-options.ts'
import { type Outcome, reliabilityPage, renewedPage } from './page.ts'
import { type Amount, type Search, searches } from './searches.ts'

const root = join(import.meta.dirname, '../..')
const pagePath = join(root, 'docs/reliability.md')

/** Processes are started by the thousand: what one has compiled the next ones load, which is more than half of their work. */
const { NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/compiled') } = process.env

/** Lines of a search that fails: what was wrong, and the command that shows it again. */
const complaintsMax = 40

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = commandOptions('npm run reliability -- [--amount ci|nightly] [--only <name>] [--page]', () => parseArgs({
    options: {
      amount: { type: 'string', default: 'ci' }, only: { type: 'string', default: '' }, page: { type: 'boolean', default: false },
    },
  }))
  const { amount, only, page } = values
  if (amount !== 'ci' && amount !== 'nightly') return refuse(`--amount ${amount}: write ci or nightly`)
  const chosen = searches.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
  const names = searches.map(({ name }) => name).join(', ')
  if (chosen.length === 0) return refuse(`--only ${only}: there is no such search; there are ${names}`)
  const tested = page ? ranOn() : '' // what is committed while it runs was not tested
  const pageOf = (outcomes: readonly Outcome[]): string | undefined => {
    if (chosen.length === searches.length) return reliabilityPage(outcomes, amount, tested)
    return renewedPage(readFileSync(pagePath, 'utf8'), outcomes, amount, tested)
  }
  if (page && pageOf([]) === undefined) return refuse(`docs/reliability.md is no page of --amount ${amount}: leave --only out once`)
  const lanes = Object.values(Object.groupBy(chosen, ({ lane }) => lane))
  const inLanes = await Promise.all(lanes.map((lane) => carryOutAll(lane, amount, lanes.length > 1)))
  const outcomes = inLanes.flat()
  for (const { search, held, seconds } of outcomes) console.log(`${held ? '✔' : '✖'} ${search.name}: ${seconds.toFixed(0)} s`)
  const told = page ? pageOf(outcomes) : undefined
  if (told !== undefined) writeFileSync(pagePath, told)
  return outcomes.every(({ held }) => held) ? 0 : 1
}

function ranOn(): string {
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  // The page is no part of what is tested; a search before this one may have written it.
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs/reliability.md')
  const commit = `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '-dirty'}`
  return `${commit}, ${new Date().toISOString().slice(0, 10)}`
}

async function carryOutAll(lane: readonly Search[], amount: Amount, isBeside: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const search of lane) outcomes.push(await carryOut(search, amount, isBeside))
  return outcomes
}

async function carryOut(search: Search, amount: Amount, isBeside: boolean): Promise<Outcome> {
  const given = search.command(amount)
  console.log(`\n${search.name}: node ${given.join(' ')}`)
  const from = performance.now()
  const child = spawn(process.execPath, given, {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE },
  })
  // What it starts inherits it.
  if (isBeside && search.lane === 'computes' && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const complained: string[] = []
  const complain = (line: string): void => {
    console.error(line)
    complained.push(line)
  }
  const ended = new Promise<number | null>((resolve) => void child.once('close', (code, signal) => {
    if (signal !== null) complain(`It was killed: ${signal}`)
    resolve(code)
  }))
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', complain)
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    if (search.says.test(line)) said.push(line)
  }
  const held = await ended === 0
  const all = held ? said : [...said, ...complained.slice(0, complaintsMax)]
  return { search, command: `node ${given.join(' ')}`, said: all, held, seconds: (performance.now() - from) / 1_000 }
}

function refuse(message: string): number {
  console.error(message)
  return 1
}
