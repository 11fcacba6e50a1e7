/**
 * Runs the scenarios on a Temporal server and writes their answers to recorded/: `npm run parity:record -- --address
 * 127.0.0.1:7233 [part of a name ...]`. Answers of scenarios that are not asked for stay as they are.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { normalized } from './normalized.ts'
import type { Scenario } from './stage.ts'
import { connectTemporal, type TemporalHome } from './temporal-home.ts'
import { topics } from './topics.ts'

const atOnce = 8
const hungAfterMs = 60_000
const folder = join(import.meta.dirname, 'recorded')

const { values, positionals } = parseArgs({
  options: { address: { type: 'string' } }, allowPositionals: true,
})
// The SDK's threads complain in this way of workflows that were evicted while they failed.
process.on('unhandledRejection', (error) => { console.error(`left alone: ${String(error)}`) })
process.exitCode = await main(values.address, positionals)
process.exit()

async function main(address: string | undefined, filters: readonly string[]): Promise<number> {
  if (address === undefined) {
    console.error('Say where the Temporal server is: npm run parity:record -- --address 127.0.0.1:7233')
    return 1
  }
  const home = await connectTemporal(address)
  const asked = Object.entries(topics).flatMap(([topic, scenarios]) => scenarios
    .filter(({ name }) => filters.length === 0 || filters.some((filter) => `${topic}: ${name}`.includes(filter)))
    .map((scenario) => ({ topic, scenario })))
  const answers = new Map<string, unknown>()
  let failed = 0
  const queue = [...asked]
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { topic, scenario } = next
      const name = `${topic}: ${scenario.name}`
      try {
        answers.set(name, await answerOf(home, scenario))
        console.log(`recorded ${name}`)
      } catch (error) {
        failed++
        console.error(`FAILED ${name}: ${inspect(error).slice(0, 1_500)}`)
      }
    }
  }))
  for (const topic of new Set(asked.map((each) => each.topic))) write(topic, answers, home.serverVersion)
  await home.close().catch(() => {})
  return failed === 0 ? 0 : 1
}

async function answerOf(home: TemporalHome, scenario: Scenario): Promise<unknown> {
  const { stage, close } = home.stageOf(scenario)
  const hung = Promise.withResolvers<never>()
  const watch = setTimeout(() => hung.reject(new Error('it hangs')), hungAfterMs)
  try {
    return normalized(await Promise.race([scenario.run(stage), hung.promise]), stage)
  } finally {
    clearTimeout(watch)
    await close()
  }
}

function write(topic: string, answers: ReadonlyMap<string, unknown>, server: string): void {
  const file = join(folder, `${topic}.json`)
  const old = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { answers: Record<string, unknown> }).answers : {}
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { readonly version: string }
  const now = Object.fromEntries((topics[topic] ?? []).map(({ name }) => [name, answers.get(`${topic}: ${name}`) ?? old[name]]))
  writeFileSync(file, `${JSON.stringify({ from: { server, sdk: version }, answers: now }, undefined, 2)}\n`)
}
