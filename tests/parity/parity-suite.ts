/**
 * Every scenario that was recorded from a Temporal server answers the same on Perdure, but for the declared differences.
 * What is not there yet stands in `waiting`, and must not stand there any more when it answers as it should.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { expectedOf, levelled } from './comparison.ts'
import { differences } from './differences.ts'
import { normalized } from './normalized.ts'
import { type Connection, connectPerdure, type PerdureHome } from './perdure-home.ts'
import type { Scenario } from './stage.ts'
import { topics } from './topics.ts'
import { waiting } from './waiting.ts'
import { leaveRejectionsInWorkflowsToTheEngine } from '../support/rejections.ts'

/** A scenario that hangs is ended then; none is measured by it. */
const hungAfterMs = 60_000
/** One that is expected to fail may do so by hanging. */
const givenUpAfterMs = 8_000
const atOnce = 16

export interface ConnectedHome {
  readonly connection: Connection
  dispose(): Promise<void>
}

export function paritySuite(name: string, connect: () => Promise<ConnectedHome>): void {
  describe(`as on a Temporal server, on ${name}`, { concurrency: atOnce }, () => {
    let connected: ConnectedHome | undefined
    let home: PerdureHome | undefined
    before(async () => {
      leaveRejectionsInWorkflowsToTheEngine()
      connected = await connect()
      home = await connectPerdure(connected.connection)
    })
    after(async () => {
      await home?.close()
      await connected?.dispose()
    })
    for (const [topic, scenarios] of Object.entries(topics)) {
      const recorded = recordedAnswers(topic)
      for (const scenario of scenarios) {
        const full = `${topic}: ${scenario.name}`
        test(full, { timeout: hungAfterMs }, async () => {
          assert.ok(home !== undefined)
          assert.ok(scenario.name in recorded, `no answer is recorded: npm run parity:record -- --address <server> "${full}"`)
          const compared = compare(full, scenario, recorded[scenario.name], home)
          if (!waiting.includes(full)) return compared
          const given = await Promise.race([compared.then(() => 'same', () => 'other'), delay(givenUpAfterMs, 'other', { ref: false })])
          assert.equal(given, 'other', 'it answers as it should: take it out of waiting.ts')
        })
      }
    }
  })
}

async function compare(name: string, scenario: Scenario, recorded: unknown, home: PerdureHome): Promise<void> {
  const { stage, close } = home.stageOf(scenario)
  try {
    const answer = normalized(await scenario.run(stage), stage)
    assert.deepEqual(levelled(answer, differences), expectedOf(name, recorded, differences))
  } finally {
    await close()
  }
}

function recordedAnswers(topic: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(join(import.meta.dirname, 'recorded', `${topic}.json`), 'utf8')
  return (JSON.parse(text) as { readonly answers: Readonly<Record<string, unknown>> }).answers
}
