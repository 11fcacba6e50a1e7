/**
 * The behaviour suite: what workflows do, the same in every home. Each home runs it twice: with live executions kept in
 * memory and hints between processes, and with neither, so that every event replays its execution from the beginning
 * and everything is found by polling (I5, I6).
 *
 * Scenarios run side by side on one engine: most of them wait.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { Engine, type EngineOptions, type Logger } from 'perdure'
import * as failingActivities from './activities/failing.ts'
import * as hangingActivities from './activities/hanging.ts'
import * as outsideActivities from './activities/outside.ts'
import * as speakingActivities from './activities/speaking.ts'
import * as stepActivities from './activities/steps.ts'
import { probe } from './probe.ts'
import { activityScenarios } from './scenarios/activities.ts'
import { cancellationScenarios } from './scenarios/cancellation.ts'
import { chainScenarios } from './scenarios/chains.ts'
import { completionScenarios } from './scenarios/completion.ts'
import { conversionScenarios } from './scenarios/conversion.ts'
import { determinismScenarios } from './scenarios/determinism.ts'
import { engineScenarios } from './scenarios/engines.ts'
import { failureConverterScenarios } from './scenarios/failure-converters.ts'
import { failureScenarios } from './scenarios/failures.ts'
import { heldScenarios } from './scenarios/held.ts'
import { interceptorScenarios } from './scenarios/interceptors.ts'
import { loggingScenarios } from './scenarios/logging.ts'
import { namespaceScenarios } from './scenarios/namespaces.ts'
import { payloadScenarios } from './scenarios/payloads.ts'
import { queryScenarios } from './scenarios/queries.ts'
import { queueScenarios } from './scenarios/queues.ts'
import { raceScenarios } from './scenarios/races.ts'
import { readingScenarios } from './scenarios/reading.ts'
import { retryScenarios } from './scenarios/retries.ts'
import { scopeScenarios } from './scenarios/scopes.ts'
import { signalScenarios } from './scenarios/signals.ts'
import { startScenarios } from './scenarios/starts.ts'
import { timeoutScenarios } from './scenarios/timeouts.ts'
import { timerScenarios } from './scenarios/timers.ts'
import { updateScenarios } from './scenarios/updates.ts'
import { volumeScenarios } from './scenarios/volume.ts'
import type { Connection, EngineSetup, FunctionModule, Scenario, Stage } from './stage.ts'
import * as cancellation from './workflows/cancellation.ts'
import * as chains from './workflows/chains.ts'
import * as determinism from './workflows/determinism.ts'
import * as failures from './workflows/failures.ts'
import * as logging from './workflows/logging.ts'
import * as memos from './workflows/memos.ts'
import * as messages from './workflows/messages.ts'
import * as outside from './workflows/outside.ts'
import * as races from './workflows/races.ts'
import * as retries from './workflows/retries.ts'
import * as scopes from './workflows/scopes.ts'
import * as steps from './workflows/steps.ts'
import * as timers from './workflows/timers.ts'
import * as updates from './workflows/updates.ts'
import { leaveRejectionsInWorkflowsToTheEngine } from '../support/rejections.ts'

export interface ConnectedHome {
  /** Options by which every engine of one suite finds the same, empty database. */
  readonly connection: Connection
  dispose(): Promise<void>
}

const topics: Readonly<Record<string, readonly Scenario[]>> = {
  activities: activityScenarios, completion: completionScenarios, retries: retryScenarios, timeouts: timeoutScenarios,
  timers: timerScenarios, signals: signalScenarios, queries: queryScenarios, cancellation: cancellationScenarios, scopes: scopeScenarios,
  races: raceScenarios, starts: startScenarios, failures: failureScenarios, determinism: determinismScenarios, held: heldScenarios,
  reading: readingScenarios, payloads: payloadScenarios, engines: engineScenarios, queues: queueScenarios,
  namespaces: namespaceScenarios, logging: loggingScenarios, volume: volumeScenarios,
  updates: updateScenarios, chains: chainScenarios, interceptors: interceptorScenarios,
  conversion: conversionScenarios, 'failure-converters': failureConverterScenarios,
}

interface Variation {
  readonly name: string
  readonly cold: boolean
}

const variations: readonly Variation[] = [{ name: 'warm', cold: false }, { name: 'cold and without hints', cold: true }]

/** A scenario that hangs is ended then; none is measured by it. */
const hungAfterMs = 60_000
const atOnce = 12

export function behaviourSuite(home: string, connect: () => Promise<ConnectedHome>): void {
  for (const variation of variations) {
    describe(`behaviour on ${home}, ${variation.name}`, { concurrency: atOnce }, () => {
      let connected: ConnectedHome | undefined
      let engine: Engine | undefined
      before(async () => {
        leaveRejectionsInWorkflowsToTheEngine()
        connected = await connect()
        engine = await opened(connected.connection, variation, { taskQueue: 'suite' })
      })
      after(async () => {
        await engine?.stop()
        await connected?.dispose()
      })
      for (const [topic, scenarios] of Object.entries(topics)) {
        for (const [index, scenario] of scenarios.entries()) {
          test(`${topic}: ${scenario.name}`, { timeout: hungAfterMs }, async (t) => {
            assert.ok(connected !== undefined && engine !== undefined)
            await scenario.run(t, stageOf(t, `${topic}-${index}`, { engine, connection: connected.connection, variation }))
          })
        }
      }
    })
  }
}

const workflows: FunctionModule = merged([
  cancellation, chains, determinism, failures, logging, memos, messages, outside, races, retries, scopes, steps, timers, updates,
])
const activities: FunctionModule = merged([failingActivities, hangingActivities, outsideActivities, speakingActivities, stepActivities])

function merged(modules: readonly FunctionModule[]): FunctionModule {
  const all: Record<string, unknown> = {}
  for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
    if (typeof value !== 'function') continue
    assert.ok(!(name in all), `two functions are called ${name}`)
    all[name] = value
  }
  return all
}

interface Place {
  readonly engine: Engine
  readonly connection: Connection
  readonly variation: Variation
}

let stages = 0

function stageOf(t: TestContext, name: string, { engine, connection, variation }: Place): Stage {
  const id = `${name}-${++stages}`
  const others: Engine[] = []
  t.after(async () => {
    if (!(t as TestContext & { readonly passed: boolean }).passed) await tellWhatIsKnown(t, engine, id)
    probe(id).open()
    await Promise.all(others.map((other) => other.stop()))
  })
  return {
    engine, id, ownQueue: `queue of ${id}`, cold: variation.cold,
    start: (workflow, ...args) => engine.workflows.start(workflow, { workflowId: id, args }),
    openAnother: async (setup = {}) => {
      const other = await opened(connection, variation, { taskQueue: `queue of ${id}`, ...setup })
      others.push(other)
      return other
    },
  }
}

/** Of a scenario that failed or hung: where its execution stands. */
async function tellWhatIsKnown(t: TestContext, engine: Engine, id: string): Promise<void> {
  t.diagnostic(`notes of ${id}: ${JSON.stringify(probe(id).notes)}`)
  try {
    const [description, history] = await Promise.all([engine.workflows.describe(id), engine.workflows.history(id)])
    const events = history.map((event) => `${new Date(event.eventTime).toISOString()} ${event.eventType}`)
    t.diagnostic(`${new Date().toISOString()} ${JSON.stringify(description)}\n${events.join('\n')}`)
  } catch (error) {
    t.diagnostic(String(error))
  }
}

async function opened(connection: Connection, variation: Variation, setup: EngineSetup): Promise<Engine> {
  const engine = await Engine.open(optionsOf(connection, variation, setup))
  if (setup.workflows !== 'none') engine.workflows.register(setup.workflows ?? workflows)
  engine.activities.register(setup.activities ?? activities)
  if (setup.started !== false) await engine.start()
  return engine
}

function optionsOf(connection: Connection, variation: Variation, setup: EngineSetup): EngineOptions {
  const worker = setup.worker === false ? false as const : {
    tickMs: 50, shutdownGraceTime: 200, maxConcurrentActivities: 1_000,
    ...(variation.cold ? { maxCachedWorkflows: 0 } : {}),
    ...setup.worker,
  }
  const { taskQueue, identity, namespace, queues, interceptors, dataConverter, hints = !variation.cold, logger = silent } = setup
  return {
    ...connection, hints, worker, logger,
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(queues === undefined ? {} : { queues }),
    ...(identity === undefined ? {} : { identity }),
    ...(interceptors === undefined ? {} : { interceptors }),
    ...(dataConverter === undefined ? {} : { dataConverter }),
  }
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
