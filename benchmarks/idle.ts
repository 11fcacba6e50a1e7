/** idle: one worker, nothing to do; what it costs in statements and processor time. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineAdapter, Target } from './engine-adapter.ts'
import type { Measured } from './measured.ts'
import type { Reading } from './metric.ts'
import { processorSeconds } from './processor-time.ts'
import type { Scenario } from './scenario.ts'
import { openStatementCounter } from './statement-counter.ts'

interface Given {
  readonly adapter: EngineAdapter
  readonly target: Target
  readonly scenario: Scenario
  readonly statistics: string | undefined
}

/** After its start: schema, first looks, compiled code. */
const settleSeconds = 5

export async function measureIdle({ adapter, target, scenario, statistics }: Given): Promise<Measured> {
  const worker = await adapter.openWorker(target, scenario.name)
  const statements = statistics === undefined ? undefined : await openStatementCounter(statistics, target.database)
  await delay(Math.min(settleSeconds, scenario.seconds) * 1_000)
  const readings: Reading[] = []
  const look = async () => {
    const { user, system } = process.cpuUsage()
    const server = target.server === undefined ? undefined : processorSeconds(target.server.pid)
    return { at: performance.now(), cpu: (user + system) / 1e6, server, statements: await statements?.count() }
  }
  for (let run = 0; run < scenario.runs; run++) {
    const from = await look()
    await delay(scenario.seconds * 1_000)
    const to = await look()
    const seconds = (to.at - from.at) / 1_000
    readings.push({
      cpu: (100 * (to.cpu - from.cpu)) / seconds,
      ...(from.server === undefined || to.server === undefined ? {} : { serverCpu: (100 * (to.server - from.server)) / seconds }),
      ...(from.statements === undefined || to.statements === undefined
        ? {} : { statements: ((to.statements - from.statements) * 3_600) / seconds }),
    })
  }
  await statements?.close()
  await worker.close()
  return { readings, workflows: 0 }
}
