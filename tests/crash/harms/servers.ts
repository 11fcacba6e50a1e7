/** Harm to the PostgreSQL server and to the connections with it. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { Harm, Place } from '../harm.ts'

const downMsMax = 1_000
const betweenMs = 1_000
const cutEveryMs = 200

export const killedServer: Harm = {
  name: 'killed-server', about: 'PostgreSQL and all its backends are killed (-9) under load, and started again within a second',
  stores: ['postgres'], times: 20, workflows: 200,
  harm: async (place, traffic, times) => {
    const workers = [place.addWorker(), place.addWorker()]
    await Promise.all(workers.map(({ ready }) => ready))
    let killed = 0
    while (killed < times) {
      await pause(place.random() * betweenMs)
      await traffic.remember()
      await place.cluster?.kill9()
      await pause(place.random() * downMsMax)
      await place.cluster?.restart()
      killed++
    }
    return `${killed} kills of the server, ${traffic.refused} calls of the client refused`
  },
}

export const cutConnections: Harm = {
  name: 'cut-connections', about: 'every 200 ms the server cuts all connections of workers and clients',
  stores: ['postgres'], times: 100, workflows: 200,
  harm: async (place, traffic, times) => {
    const workers = [place.addWorker(), place.addWorker()]
    await Promise.all(workers.map(({ ready }) => ready))
    let cut = 0
    let rounds = 0
    for (; rounds < times; rounds++) {
      await pause(cutEveryMs)
      cut += await asked<{ count: number }>(place, 'select count(pg_terminate_backend(pid))::int as count from pg_stat_activity '
        + 'where datname = current_database() and pid <> pg_backend_pid()').then((row) => row.count)
    }
    assert.ok(cut >= rounds, `only ${cut} connections were there to be cut in ${rounds} rounds`)
    return `${cut} connections cut in ${rounds} rounds, of which the client met ${traffic.refused}`
  },
}

export const restartedWhileIdle: Harm = {
  name: 'restarted-while-idle', about: 'PostgreSQL is restarted while workers are idle: none of them is taken for dead',
  stores: ['postgres'], times: 5, workflows: 20,
  harm: async (place, traffic, times) => {
    const workers = [place.addWorker(), place.addWorker(), place.addWorker()]
    await Promise.all(workers.map(({ ready }) => ready))
    traffic.enough()
    while (!traffic.isOver) await pause(betweenMs / 10)
    const before = await alive(place)
    for (let restarts = 0; restarts < times; restarts++) {
      await place.cluster?.restart()
      await pause(2 * betweenMs)
    }
    assert.deepEqual(await alive(place), before, 'the same workers live, none has started over')
    return `${times} restarts, ${before.length} workers idle`
  },
}

async function alive(place: Place): Promise<number[]> {
  return (await place.producer.workers.list()).filter((worker) => worker.alive).map(({ incarnation }) => incarnation)
}

async function asked<Row extends object>(place: Place, text: string): Promise<Row> {
  const client = new Client({ connectionString: place.database })
  await client.connect()
  try {
    const { rows } = await client.query<Row>(text)
    return rows[0] ?? assert.fail('no row')
  } finally {
    await client.end()
  }
}
