/** Every command honours `perdure.yaml` and the environment; a flag wins over both. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Engine } from '../src/index.ts'
import { runHere } from './cli-here.ts'
import { folder, run, start } from './cli-process.ts'

const workflowsText = `
  import { workflowInfo } from 'perdure/workflow'
  export async function whereabouts() {
    const { namespace, taskQueue } = workflowInfo()
    return { namespace, taskQueue }
  }
`
const configurationText = `
url: orders.db
namespace: shop
task_queue: orders
worker: { enabled: false, task_queues: [orders, mails], max_concurrent_activities: 5 }
logging: { level: debug, format: json }
`

interface Facts {
  readonly database: string
  readonly namespace: string
  readonly taskQueues: readonly string[]
}

async function createNamespaces(cwd: string, places: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [file, names] of Object.entries(places)) {
    const engine = await Engine.open({ database: join(cwd, file), worker: false })
    for (const name of names) await engine.namespaces.create(name)
    await engine.stop()
  }
}

async function facts(t: TestContext, cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Facts> {
  const worker = start([...args, '-o', 'jsonl'], { cwd, env })
  t.after(() => worker.child.kill('SIGKILL'))
  const line = await worker.printed(/^\{.*\}\n/)
  worker.child.kill('SIGTERM')
  assert.equal((await worker.ended).code, 0)
  return JSON.parse(line.split('\n')[0] ?? '') as Facts
}

test('worker start serves what the file says; the environment wins over it, and flags over both', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'perdure.yaml': configurationText })
  await createNamespaces(cwd, { 'orders.db': ['shop'], 'environment.db': ['market'], 'flag.db': ['bazaar'] })
  const inFile = await facts(t, cwd, ['worker', 'start'])
  assert.deepEqual([inFile.namespace, inFile.taskQueues], ['shop', ['orders', 'mails']])
  assert.ok(inFile.database.endsWith('orders.db'), inFile.database)
  const env = { DATABASE_URL: 'environment.db', PERDURE_NAMESPACE: 'market', PERDURE_WORKER_TASK_QUEUES: 'reports' }
  const inEnvironment = await facts(t, cwd, ['worker', 'start'], env)
  assert.deepEqual([inEnvironment.namespace, inEnvironment.taskQueues], ['market', ['reports']])
  assert.ok(inEnvironment.database.endsWith('environment.db'))
  const flagged = await facts(t, cwd, ['dev', '-d', 'flag.db', '-n', 'bazaar', '-t', 'one', '-t', 'two'], env)
  assert.deepEqual([flagged.namespace, flagged.taskQueues], ['bazaar', ['one', 'two']])
  assert.ok(flagged.database.endsWith('flag.db'))
})

test('workflow execute starts in namespace and queue of the file, and its own worker serves that queue', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'perdure.yaml': configurationText })
  await createNamespaces(cwd, { 'orders.db': ['shop', 'bazaar'] })
  const execute = ['workflow', 'execute', '--type', 'whereabouts', '--workflows', 'workflows.ts', '-o', 'json']
  const { code, stdout, stderr } = await run(execute, { cwd })
  assert.equal(code, 0, stderr)
  assert.deepEqual((JSON.parse(stdout) as { result: unknown }).result, { namespace: 'shop', taskQueue: 'orders' })
  const flagged = await run([...execute, '-n', 'bazaar', '-t', 'mails'], { cwd, env: { PERDURE_TASK_QUEUE: 'environment' } })
  assert.deepEqual((JSON.parse(flagged.stdout) as { result: unknown }).result, { namespace: 'bazaar', taskQueue: 'mails' })
  assert.ok(existsSync(join(cwd, 'orders.db')))
  const list = await run(['workflow', 'list', '-o', 'jsonl'], { cwd })
  assert.equal((JSON.parse(list.stdout) as { taskQueue: string }).taskQueue, 'orders')
})

test('--config names a file anywhere, whose database lies beside it; commands to copy name it again', async (t) => {
  const cwd = folder(t, { 'perdure.yaml': 'url: wrong.db' })
  mkdirSync(join(cwd, 'conf'))
  writeFileSync(join(cwd, 'conf', 'my perdure.yaml'), 'perdure: { url: orders.db, namespace: shop, task_queue: orders }')
  const config = ['--config', 'conf/my perdure.yaml']
  const migrated = await runHere(t, ['migrate', ...config], { cwd })
  assert.match(migrated.stdout, /^Made Perdure's tables in .*conf.orders\.db: foundation\n$/)
  await createNamespaces(cwd, { 'conf/orders.db': ['shop'] })
  const started = await runHere(t, ['workflow', 'start', '--type', 'greet', '-w', 'greet-1', ...config], { cwd })
  assert.match(started.stdout, /Task queue +orders\n/)
  assert.match(started.stderr, /npx perdure workflow result -w greet-1 --config 'conf\/my perdure\.yaml'\n/)
  const { stdout } = await runHere(t, ['workflow', 'list', '-o', 'jsonl'], { cwd, env: { PERDURE_CONFIG: 'conf/my perdure.yaml' } })
  assert.equal((JSON.parse(stdout) as { workflowId: string }).workflowId, 'greet-1')
})

test('the log has the level and the form of the file, and the environment wins', async (t) => {
  const text = "import { log } from 'perdure/workflow'\nexport async function talk() { log.debug('quietly'); log.warn('aloud') }\n"
  const cwd = folder(t, { 'workflows.ts': text, 'perdure.yaml': configurationText })
  await createNamespaces(cwd, { 'orders.db': ['shop'] })
  const logOf = async (env: Readonly<Record<string, string>>) => {
    const { stderr } = await run(['workflow', 'execute', '--type', 'talk', '--workflows', 'workflows.ts'], { cwd, env })
    return stderr.split('\n').filter((line) => /quietly|aloud/.test(line))
  }
  const lines = (await logOf({})).map((line) => JSON.parse(line) as { level: string; msg: string })
  assert.deepEqual(lines.map(({ level, msg }) => [level, msg]), [['debug', 'quietly'], ['warn', 'aloud']])
  const [asText, ...others] = await logOf({ PERDURE_LOGGING_FORMAT: 'text', PERDURE_LOG_LEVEL: 'info' })
  assert.match(asText ?? '', /WARN: aloud/)
  assert.deepEqual(others, [])
  assert.deepEqual(await logOf({ PERDURE_LOG_LEVEL: 'silent' }), [])
})

test('a wrong configuration ends any command with a line for each problem, and with the place in JSON', async (t) => {
  const cwd = folder(t, { 'perdure.yaml': 'url: ${NONE}\nwroker: {}\n' })
  const { code, stdout, stderr } = await runHere(t, ['workflow', 'list'], { cwd })
  assert.deepEqual([code, stdout], [1, ''])
  assert.equal(stderr, [
    'error CONFIG_VARIABLE_UNSET: perdure.yaml:1:6: the environment variable NONE of url is not set; ' +
      'set it, or give a default: ${NONE:-default}',
    "  perdure.yaml:2:1: unknown key 'wroker'; did you mean 'worker'?",
    '',
  ].join('\n'))
  const json = await runHere(t, ['migrate', '-o', 'json'], { cwd, env: { NONE: 'a.db' } })
  const { error } = JSON.parse(json.stderr) as { error: Record<string, unknown> }
  assert.deepEqual([error['code'], error['file'], error['line'], error['column']], ['CONFIG_KEY_UNKNOWN', 'perdure.yaml', 2, 1])
  const missing = await runHere(t, ['workflow', 'list', '--config', 'none.yaml'], { cwd })
  assert.match(missing.stderr, /^error CONFIG_NOT_FOUND: There is no configuration .*none\.yaml; correct the path\n$/)
  const help = await runHere(t, ['workflow', 'list', '--help'], { cwd })
  assert.deepEqual([help.code, help.stderr], [0, ''])
})

test('a missing database is told with the line that named it', async (t) => {
  const cwd = folder(t, { 'perdure.yaml': 'namespace: shop\nurl: orders.db\n' })
  const { stderr } = await runHere(t, ['workflow', 'list'], { cwd })
  assert.match(stderr, /^error DATABASE_NOT_FOUND: There is no database .*orders\.db \(from perdure\.yaml:2:6\)/)
})

test('enabled: false ends every command that needs the database, and one variable turns it on', async (t) => {
  const cwd = folder(t, { 'workflows.ts': workflowsText, 'perdure.yaml': 'enabled: false\n' })
  const commands = [['workflow', 'list'], ['workflow', 'start', '--type', 'greet'], ['migrate'], ['worker', 'start'], ['dev']]
  for (const args of commands) {
    const { code, stderr } = await runHere(t, args, { cwd })
    assert.equal(code, 1)
    assert.match(stderr, /^error ENGINE_DISABLED: The engine is disabled: 'enabled' is false in perdure\.yaml:1:10; /)
  }
  assert.equal(existsSync(join(cwd, 'perdure.db')), false)
  const { code } = await runHere(t, ['migrate'], { cwd, env: { PERDURE_ENABLED: 'true' } })
  assert.deepEqual([code, existsSync(join(cwd, 'perdure.db'))], [0, true])
})
