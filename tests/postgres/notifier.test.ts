import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Notifier } from '@perdure/engine'
import { createPostgresNotifier } from '@perdure/postgres'
import { Client } from 'pg'
import { answerTimeoutMs, listenRetryMs } from '../../packages/postgres/src/limits.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { startDeafProxy } from './deaf-proxy.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('hints')
})
after(() => stage.dispose())

/** A notifier and what it heard. */
class Listener {
  readonly heard: string[] = []
  readonly notifier: Notifier
  readonly #waiting: (() => void)[] = []

  constructor(connectionString: string, schema?: string) {
    this.notifier = createPostgresNotifier({ connectionString, ...(schema === undefined ? {} : { schema }) })
  }

  async start(): Promise<this> {
    await this.notifier.start(topic => {
      this.heard.push(topic)
      for (const wake of this.#waiting.splice(0)) wake()
    })
    return this
  }

  /** Waits until the topic was heard `times` times. */
  async hears(topic: string, times = 1): Promise<void> {
    while (this.heard.filter(each => each === topic).length < times) await new Promise<void>(resolve => void this.#waiting.push(resolve))
  }
}

async function pair(schema?: string): Promise<readonly [Listener, Listener]> {
  return [await new Listener(stage.connectionString, schema).start(), await new Listener(stage.connectionString, schema).start()]
}

const cutAll = () => stage.admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where application_name = 'perdure hints' and datname = current_database()`)
const stopAll = (...listeners: readonly Listener[]) => Promise.all(listeners.map(({ notifier }) => notifier.stop()))

test('a hint reaches every other process, and not the one that gave it', async () => {
  const [one, two] = await pair()
  one.notifier.publish('queue')
  two.notifier.publish('worker:7')
  await Promise.all([two.hears('queue'), one.hears('worker:7')])
  // Notifications arrive in the order of their commits: what each had said itself would have come before these.
  one.notifier.publish('query')
  await two.hears('query')
  two.notifier.publish('closed')
  await one.hears('closed')
  assert.deepEqual([one.heard, two.heard], [['worker:7', 'closed'], ['queue', 'query']])
  await stopAll(one, two)
})

test('hints of one moment go out together, each topic once', async () => {
  const [one, two] = await pair('coalesced')
  for (let count = 0; count < 1_000; count++) one.notifier.publish(`worker:${count % 3}`)
  await two.hears('worker:2')
  one.notifier.publish('closed')
  await two.hears('closed')
  assert.deepEqual(two.heard.toSorted(), ['closed', 'worker:0', 'worker:1', 'worker:2'])
  await stopAll(one, two)
})

test('more topics than a notification holds become the hint that anything may have happened', async () => {
  const [one, two] = await pair()
  for (let count = 0; count < 2_000; count++) one.notifier.publish(`worker:${count}`)
  await two.hears('*')
  assert.deepEqual(two.heard, ['*'])
  await stopAll(one, two)
})

test('another schema does not hear', async () => {
  const [one, two] = await pair()
  const [far, away] = await pair('far "away"')
  one.notifier.publish('queue')
  await two.hears('queue')
  far.notifier.publish('closed')
  await away.hears('closed')
  assert.deepEqual(away.heard, ['closed'])
  await stopAll(one, two, far, away)
})

test('a connection that was cut is made again, and says that anything may have happened meanwhile', async () => {
  const [one, two] = await pair()
  await cutAll()
  await Promise.all([one.hears('*'), two.hears('*')])
  one.notifier.publish('queue')
  await two.hears('queue')
  await stopAll(one, two)
})

test('a certificate that cannot be read for a while keeps hints away no longer than that', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-hints-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [certificate, away] = [join(folder, 'root.crt'), join(folder, 'away.crt')]
  writeFileSync(certificate, '')
  const one = await new Listener(`${stage.connectionString}?sslmode=disable&sslrootcert=${certificate}`).start()
  renameSync(certificate, away)
  await cutAll()
  await setTimeout(3 * listenRetryMs)
  renameSync(away, certificate)
  await one.hears('*')
  await stopAll(one)
})

test('what is published while the connection is made is sent once it listens, one question after the other', async (t) => {
  const overlapping = watchForOverlaps(t)
  const two = await new Listener(stage.connectionString).start()
  for (let round = 0; round < 20; round++) {
    const one = new Listener(stage.connectionString)
    const starting = one.start()
    const beat = setInterval(() => one.notifier.publish(`worker:${round}`), 1)
    one.notifier.publish(`queue:${round}`)
    await Promise.all([starting, two.hears(`queue:${round}`)])
    clearInterval(beat)
    await stopAll(one)
  }
  await stopAll(two)
  assert.deepEqual(overlapping, [])
})

/** One whose server never answers LISTEN, with a hint that waits for it. */
async function deafened(t: TestContext): Promise<{ readonly deaf: Listener; readonly starting: Promise<Listener> }> {
  const proxy = await startDeafProxy(stage.connectionString)
  t.after(() => proxy.stop())
  const deaf = new Listener(proxy.connectionString)
  const asked = proxy.goDeafAt('listen "')
  const starting = deaf.start()
  await asked
  deaf.notifier.publish('queue')
  return { deaf, starting }
}

test('a server that does not answer LISTEN does not keep a notifier from stopping', { timeout: 20_000 }, async (t) => {
  const { deaf, starting } = await deafened(t)
  await deaf.notifier.stop()
  await starting
})

test('a server that does not answer LISTEN is asked anew, and what was published meanwhile is sent', async (t) => {
  const two = await new Listener(stage.connectionString).start()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { deaf, starting } = await deafened(t)
  t.mock.timers.tick(answerTimeoutMs)
  await starting
  t.mock.timers.tick(listenRetryMs)
  t.mock.timers.reset()
  await two.hears('queue')
  await stopAll(deaf, two)
})

/** Questions put to a connection that had another one open: the driver holds them back so far, and its next version will not. */
function watchForOverlaps({ mock }: TestContext): string[] {
  const overlapping: string[] = []
  const open = new Set<Client>()
  const ask = Client.prototype.query as (this: Client, text: string, values?: unknown[]) => Promise<unknown>
  mock.method(Client.prototype, 'query', async function asked(this: Client, text: string, values?: unknown[]) {
    if (open.has(this)) overlapping.push(text)
    open.add(this)
    return ask.call(this, text, values).finally(() => open.delete(this))
  })
  return overlapping
}

test('stopping works twice and before start, sends what was published, and silences', async () => {
  const [one, two] = await pair()
  one.notifier.publish('closed')
  await stopAll(one, one)
  await two.hears('closed')
  one.notifier.publish('queue')
  const three = await new Listener(stage.connectionString).start()
  three.notifier.publish('query')
  await two.hears('query')
  assert.deepEqual([one.heard.includes('query'), two.heard.includes('queue')], [false, false])
  await stopAll(two, three, new Listener(stage.connectionString))
})

test('without a server start and publish do not throw, and hints flow once it is there', async () => {
  let cluster: PostgresCluster | undefined
  try {
    cluster = await startPostgresCluster()
    await cluster.kill9()
    const [speaker, listener] = [new Listener(cluster.connectionString), new Listener(cluster.connectionString)]
    await Promise.all([speaker.start(), listener.start()])
    speaker.notifier.publish('queue')
    await cluster.restart()
    const beat = setInterval(() => speaker.notifier.publish('closed'), 20)
    await listener.hears('closed')
    clearInterval(beat)
    await stopAll(speaker, listener)
  } finally {
    await cluster?.stop()
  }
})
