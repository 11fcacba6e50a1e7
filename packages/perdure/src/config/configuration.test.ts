import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { loadConfiguration } from './configuration.ts'
import { ConfigurationError } from './configuration-error.ts'

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

async function load(t: TestContext, text: string, env: NodeJS.ProcessEnv = {}) {
  return loadConfiguration({ env, folder: folderOf(t, { 'perdure.yaml': text }) })
}

async function failure(loading: Promise<unknown>): Promise<ConfigurationError> {
  const error = await loading.then(() => assert.fail('it was loaded'), (thrown: unknown) => thrown)
  assert.ok(error instanceof ConfigurationError, String(error))
  return error
}

const complete = `
enabled: true
url: postgres://app@db/app
namespace: shop
task_queue: orders
identity: worker-1
worker:
  enabled: false
  task_queues: [orders, mails]
  max_concurrent_workflows: 100
  max_concurrent_activities: 50
  activities_per_second: 10.5
  max_cached_workflows: 0
  shutdown_grace_time: 30 seconds
  build_id: "7"
queues:
  mails:
    max_concurrent_workflows: 10
    max_concurrent_activities: 5
    activities_per_second: 2
  orders:
logging:
  level: debug
  format: json
cli:
  engine_options: /app/engine-options.ts
`
const completeSettings = {
  enabled: true, url: 'postgres://app@db/app', namespace: 'shop', task_queue: 'orders', identity: 'worker-1',
  worker: {
    enabled: false, task_queues: ['orders', 'mails'], max_concurrent_workflows: 100, max_concurrent_activities: 50,
    activities_per_second: 10.5, max_cached_workflows: 0, shutdown_grace_time: '30 seconds', build_id: '7',
  },
  queues: { mails: { max_concurrent_workflows: 10, max_concurrent_activities: 5, activities_per_second: 2 }, orders: {} },
  logging: { level: 'debug', format: 'json' },
  cli: { engine_options: '/app/engine-options.ts' },
}

test('every setting is read', async (t) => {
  const { settings, file, sourceOf } = await load(t, complete)
  assert.deepEqual(settings, completeSettings)
  assert.equal(file, 'perdure.yaml')
  assert.equal(sourceOf('worker.build_id'), 'perdure.yaml:15:13')
  assert.equal(sourceOf('hints'), undefined)
})

test('the settings may stand in a section of their own, also beside those of an application', async (t) => {
  for (const section of ['perdure', 'temporal']) {
    const text = `server: { port: 80 }\nredis: &r [*r]\n${section}:\n${complete.trim().replaceAll(/^/gm, '  ')}\n`
    const { settings, sourceOf } = await load(t, text)
    assert.deepEqual(settings, completeSettings)
    assert.equal(sourceOf('enabled'), 'perdure.yaml:4:12')
  }
})

test('a file without settings is as good as none', async (t) => {
  for (const text of ['', '# nothing yet\n', '{}', '---\n', 'worker:\nqueues:\nlogging:\n', 'perdure:\n', '\ufeff{}\r\n']) {
    const { settings } = await load(t, text)
    assert.deepEqual(Object.values(settings).map((value) => JSON.stringify(value)).filter((value) => value !== '{}'), [])
  }
})

test('variables are replaced, and become numbers, booleans and lists where those are expected', async (t) => {
  const { settings } = await load(t, `
enabled: \${ENABLED}
url: postgres://\${USER}:\${PASSWORD}@db/app
namespace: \${NAMESPACE:-shop}
identity: pa$$word $\${USER}
worker:
  max_concurrent_activities: \${ACTIVITIES:-7}
  activities_per_second: '\${RATE}'
  task_queues: \${QUEUES:-a, b}
  build_id: \${BUILD}
queues:
  mails: { activities_per_second: "\${RATE}" }
logging: { level: "\${LEVEL}" }
`, { ENABLED: 'off', USER: 'app', PASSWORD: 'a$b${c}', RATE: '0.5', BUILD: '12', LEVEL: 'DEBUG' })
  assert.deepEqual(settings, {
    enabled: false, url: 'postgres://app:a$b${c}@db/app', namespace: 'shop', identity: 'pa$word ${USER}',
    worker: { max_concurrent_activities: 7, activities_per_second: 0.5, task_queues: ['a', 'b'], build_id: '12' },
    queues: { mails: { activities_per_second: 0.5 } }, logging: { level: 'debug' },
  })
})

const wrong: readonly (readonly [text: string, code: string, place: string, message: RegExp])[] = [
  ['worker:\n  max_concurent_activities: 5', 'CONFIG_KEY_UNKNOWN', '2:3',
    /unknown key 'max_concurent_activities' in worker; did you mean 'max_concurrent_activities'\?/],
  ['taskQueue: x', 'CONFIG_KEY_UNKNOWN', '1:1', /unknown key 'taskQueue'; did you mean 'task_queue'\?/],
  ['database: x.db', 'CONFIG_KEY_UNKNOWN', '1:1', /did you mean 'url'\?/],
  ['a: 1', 'CONFIG_KEY_UNKNOWN', '1:1', /unknown key 'a'; known are enabled, url, namespace/],
  ['7: 1', 'CONFIG_KEY_UNKNOWN', '1:1', /unknown key '7'/],
  ['__proto__: {}', 'CONFIG_KEY_UNKNOWN', '1:1', /unknown key '__proto__'/],
  ['constructor: {}', 'CONFIG_KEY_UNKNOWN', '1:1', /unknown key 'constructor'/],
  ['max_concurrent_activities: 5', 'CONFIG_KEY_UNKNOWN', '1:1', /did you mean 'worker\.max_concurrent_activities'\?/],
  ['worker: { namespace: x }', 'CONFIG_KEY_UNKNOWN', '1:11', /'namespace' stands at the top level/],
  ['queues:\n  mails:\n    rate: 5', 'CONFIG_KEY_UNKNOWN', '3:5', /unknown key 'rate' in queues\.mails; known are/],
  ['temporal:\n  url: x\nworker: {}', 'CONFIG_KEY_UNKNOWN', '3:1', /'worker' stands beside 'temporal'.*move it under 'temporal'/],
  ['perdure:\n  temporal: {}', 'CONFIG_KEY_UNKNOWN', '2:3', /unknown key 'temporal'/],

  ['enabled: 1', 'CONFIG_VALUE_INVALID', '1:10', /enabled is 1; give true or false/],
  ['enabled: yes', 'CONFIG_VALUE_INVALID', '1:10', /enabled is 'yes'; give true or false/],
  ['namespace: 5', 'CONFIG_VALUE_INVALID', '1:12', /namespace is 5; give a text/],
  ['namespace: ""', 'CONFIG_VALUE_INVALID', '1:12', /namespace is empty; give a text/],
  ['url: # forgotten', 'CONFIG_VALUE_INVALID', '1:6', /url is empty; give the path of a SQLite file/],
  ['url: [a]', 'CONFIG_VALUE_INVALID', '1:6', /url is a list; give the path/],
  ['url: { path: a }', 'CONFIG_VALUE_INVALID', '1:6', /url is a mapping; give the path/],
  ['url: mysql://root:secret@host/db', 'CONFIG_VALUE_INVALID', '1:6', /url is 'mysql:\/\/\.\.\.'; .*postgres:\/\//],
  ['url: postgres//root:secret@host/db', 'CONFIG_VALUE_INVALID', '1:6', /url is 'postgres\/\/\.\.\.'; .*postgres:\/\//],
  ['url: "postgresql:root:secret@host"', 'CONFIG_VALUE_INVALID', '1:6', /url is 'postgresql:\.\.\.'; .*postgres:\/\//],
  ['url: "temporal:7233"', 'CONFIG_VALUE_INVALID', '1:6', /url is 'temporal:7233'; .*Temporal server is not supported/],
  ['worker: 5', 'CONFIG_VALUE_INVALID', '1:9', /worker is 5; give a mapping of worker settings/],
  ['worker:\n  - a', 'CONFIG_VALUE_INVALID', '2:3', /worker is a list/],
  ['worker:\n  max_concurrent_activities: many', 'CONFIG_VALUE_INVALID', '2:30',
    /worker\.max_concurrent_activities is 'many'; give a whole number of at least 1/],
  ['worker: { max_concurrent_activities: "5" }', 'CONFIG_VALUE_INVALID', '1:38', /is '5'; give a whole number/],
  ['worker: { max_concurrent_activities: 0 }', 'CONFIG_VALUE_INVALID', '1:38', /is 0; give a whole number of at least 1/],
  ['worker: { max_concurrent_workflows: -1 }', 'CONFIG_VALUE_INVALID', '1:37', /is -1; give a whole number of at least 1/],
  ['worker: { max_concurrent_workflows: 1.5 }', 'CONFIG_VALUE_INVALID', '1:37', /is 1\.5; give a whole number/],
  ['worker: { max_cached_workflows: -1 }', 'CONFIG_VALUE_INVALID', '1:33', /is -1; give a whole number of at least 0/],
  ['worker: { activities_per_second: 0 }', 'CONFIG_VALUE_INVALID', '1:34', /is 0; give a number from 0\.001 to 1000000/],
  ['worker: { activities_per_second: -0.5 }', 'CONFIG_VALUE_INVALID', '1:34', /is -0\.5; give a number from 0\.001 to 1000000/],
  ['worker: { activities_per_second: .inf }', 'CONFIG_VALUE_INVALID', '1:34', /is Infinity; give a number from 0\.001 to 1000000/],
  ['worker: { shutdown_grace_time: soon }', 'CONFIG_VALUE_INVALID', '1:32', /is 'soon'; give milliseconds as a number/],
  ['worker: { shutdown_grace_time: -5 }', 'CONFIG_VALUE_INVALID', '1:32', /is -5; give milliseconds/],
  ['worker: { task_queues: a }', 'CONFIG_VALUE_INVALID', '1:24', /is 'a'; give a list of names/],
  ['worker: { task_queues: [] }', 'CONFIG_VALUE_INVALID', '1:24', /is an empty list; give a list of names/],
  ['worker:\n  task_queues:\n    - a\n    - 5', 'CONFIG_VALUE_INVALID', '4:7', /worker\.task_queues\.1 is 5; give a text/],
  ['queues: [a]', 'CONFIG_VALUE_INVALID', '1:9', /queues is a list; give a mapping of task queues to their limits/],
  ['queues:\n  mails: 5', 'CONFIG_VALUE_INVALID', '2:10', /queues\.mails is 5; give a mapping of limits/],
  ['queues:\n  mails: { activities_per_second: 0 }', 'CONFIG_VALUE_INVALID', '2:35', /queues\.mails\.activities_per_second is 0/],
  ['queues: { "": {} }', 'CONFIG_VALUE_INVALID', '1:15', /a name in queues is empty/],
  ['logging: { level: loud }', 'CONFIG_VALUE_INVALID', '1:19', /logging\.level is 'loud'; give one of trace, debug, info, warn/],
  ['logging: { format: xml }', 'CONFIG_VALUE_INVALID', '1:20', /logging\.format is 'xml'; give one of text, json/],
  ['- a', 'CONFIG_VALUE_INVALID', '1:1', /the configuration is a list; give a mapping of settings/],
  ['orders.db', 'CONFIG_VALUE_INVALID', '1:1', /the configuration is 'orders\.db'; give a mapping/],
  ['temporal: 5', 'CONFIG_VALUE_INVALID', '1:11', /the configuration is 5; give a mapping/],
  ['namespace: &n a\nidentity: *n', 'CONFIG_VALUE_INVALID', '2:11', /identity holds an alias \(\*\).*write the value out/],
  ['? [a]\n: 1', 'CONFIG_VALUE_INVALID', '1:3', /holds a key that is no text/],

  ['url: ${NONE}', 'CONFIG_VARIABLE_UNSET', '1:6', /environment variable NONE of url is not set.*\$\{NONE:-default\}/],
  ['url: "postgres://${USER}:${NONE}@db/app"', 'CONFIG_VARIABLE_UNSET', '1:26', /environment variable NONE of url is not set/],
  ['worker:\n  task_queues:\n    - a ${NONE}', 'CONFIG_VARIABLE_UNSET', '3:9', /variable NONE of worker\.task_queues\.0 is not set/],
  ['url: ${EMPTY}', 'CONFIG_VALUE_INVALID', '1:6', /url is empty \(from \$\{EMPTY\}\)/],
  ['worker:\n  max_concurrent_activities: ${USER}', 'CONFIG_VALUE_INVALID', '2:30', /is 'app' \(from \$\{USER\}\); give a whole number/],
  ['worker:\n  max_concurrent_activities: ${NONE:-0}', 'CONFIG_VALUE_INVALID', '2:30', /is 0 \(from \$\{NONE:-0\}\); give a whole number/],
  ['identity: x ${USER', 'CONFIG_VALUE_INVALID', '1:13', /identity has a '\$\{' that begins no variable/],

  ['a: [1\nb: 2', 'CONFIG_UNREADABLE', '2:1', /this is not YAML: Flow sequence/],
  ['url: a\nurl: b', 'CONFIG_UNREADABLE', '2:1', /this key is there twice/],
  ['url: a\n---\nurl: b', 'CONFIG_UNREADABLE', '2:1', /a second document begins here/],
  ['worker:\n\tenabled: true', 'CONFIG_UNREADABLE', '2:1', /Tabs are not allowed/],
  ['url: !secret a', 'CONFIG_UNREADABLE', '1:6', /Unresolved tag/],
]
for (const [text, code, place, message] of wrong) {
  test(`${JSON.stringify(text)} is refused with ${code} at ${place}`, async (t) => {
    const error = await failure(load(t, text, { USER: 'app', EMPTY: '' }))
    assert.match(error.message, message)
    assert.ok(error.message.startsWith(`perdure.yaml:${place}: `), error.message)
    assert.deepEqual([error.code, `${error.line}:${error.column}`, error.file], [code, place, 'perdure.yaml'])
    assert.ok(!error.message.includes('secret@'), 'a password is told')
  })
}

test('all that is wrong is told at once, in the order of the file', async (t) => {
  const { code, line, message, problems } = await failure(load(t, 'worker:\n  max_cached_workflows: x\nurl: ${NONE}\nwroker: {}\n', {
    PERDURE_ENABLED: 'maybe',
  }))
  assert.deepEqual([code, line], ['CONFIG_VALUE_INVALID', 2])
  assert.deepEqual(message.split('\n').map((each) => each.split(' is ')[0]?.split(';')[0]), [
    'perdure.yaml:2:25: worker.max_cached_workflows', 'perdure.yaml:3:6: the environment variable NONE of url',
    "perdure.yaml:4:1: unknown key 'wroker'", 'the environment variable PERDURE_ENABLED',
  ])
  assert.deepEqual(problems.map(({ type, key }) => [type, key]), [
    ['invalid value', 'worker.max_cached_workflows'], ['unset variable', 'url'], ['unknown key', 'wroker'], ['invalid value', 'enabled'],
  ])
})

const wrongVariables: readonly (readonly [variable: string, value: string, message: RegExp])[] = [
  ['PERDURE_ENABLED', 'maybe', /variable PERDURE_ENABLED is 'maybe'; give true or false, or unset it/],
  ['PERDURE_WORKER_MAX_CONCURRENT_ACTIVITIES', '0', /PERDURE_WORKER_MAX_CONCURRENT_ACTIVITIES is 0; give a whole number of at least 1/],
  ['PERDURE_WORKER_MAX_CONCURRENT_WORKFLOWS', '0x10', /is '0x10'; give a whole number/],
  ['PERDURE_WORKER_ACTIVITIES_PER_SECOND', '-1', /is -1; give a number from 0\.001 to 1000000/],
  ['PERDURE_WORKER_SHUTDOWN_GRACE_TIME', 'soon', /is 'soon'; give milliseconds/],
  ['PERDURE_LOGGING_LEVEL', 'loud', /is 'loud'; give one of trace/],
  ['PERDURE_LOG_LEVEL', 'loud', /PERDURE_LOG_LEVEL is 'loud'/],
  ['DATABASE_URL', 'mysql://root:secret@host/db', /DATABASE_URL is 'mysql:\/\/\.\.\.'/],
]
for (const [variable, value, message] of wrongVariables) {
  test(`${variable}=${value} is refused by its name`, async (t) => {
    const error = await failure(loadConfiguration({ env: { [variable]: value }, folder: folderOf(t, {}) }))
    assert.match(error.message, message)
    assert.deepEqual([error.code, error.line, error.file], ['CONFIG_VALUE_INVALID', undefined, undefined])
    assert.ok(!error.message.includes('secret'))
  })
}

test('variables of Temporal that have no meaning here, and those of others, are passed over', async (t) => {
  const env = { TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_HOST: 'x', PERDURE_SOMETHING: 'x', PERDURE_URL: '', HOME: '/' }
  assert.deepEqual((await loadConfiguration({ env, folder: folderOf(t, {}) })).settings, {})
})

test('the file is the one given, else of PERDURE_CONFIG, else perdure.yaml, else perdure.yml, else none', async (t) => {
  const names = ['given.yaml', 'env.yaml', 'perdure.yaml', 'perdure.yml']
  const folder = folderOf(t, Object.fromEntries(names.map((name) => [name, `identity: ${name}`])))
  const env = { PERDURE_CONFIG: 'env.yaml' }
  const identity = async (place: Parameters<typeof loadConfiguration>[0]) => {
    return (await loadConfiguration({ folder, env: {}, ...place })).settings.identity
  }
  assert.equal(await identity({ path: 'given.yaml', env }), 'given.yaml')
  assert.equal(await identity({ path: join(folder, 'given.yaml') }), 'given.yaml')
  assert.equal(await identity({ env }), 'env.yaml')
  assert.equal(await identity({ env: { PERDURE_CONFIG: '' } }), 'perdure.yaml')
  rmSync(join(folder, 'perdure.yaml'))
  assert.equal(await identity({}), 'perdure.yml')
  rmSync(join(folder, 'perdure.yml'))
  assert.equal(await identity({}), undefined)
})

test('a file that was named and is not there, or cannot be read, is an error', async (t) => {
  const folder = folderOf(t, {})
  mkdirSync(join(folder, 'folder.yaml'))
  const given = await failure(loadConfiguration({ folder, env: {}, path: 'none.yaml' }))
  assert.equal(given.code, 'CONFIG_NOT_FOUND')
  assert.match(given.message, /There is no configuration .*none\.yaml; correct the path/)
  const fromEnvironment = await failure(loadConfiguration({ folder, env: { PERDURE_CONFIG: 'none.yaml' } }))
  assert.match(fromEnvironment.message, /none\.yaml \(from \$PERDURE_CONFIG\)/)
  assert.equal((await failure(loadConfiguration({ folder, env: {}, path: '' }))).code, 'CONFIG_NOT_FOUND')
  const unreadable = await failure(loadConfiguration({ folder, env: {}, path: 'folder.yaml' }))
  assert.equal(unreadable.code, 'CONFIG_UNREADABLE')
  assert.match(unreadable.message, /folder\.yaml cannot be read: EISDIR/)
})

test('a database file of the configuration lies beside it; one of the environment, where the process is', async (t) => {
  const folder = folderOf(t, {})
  mkdirSync(join(folder, 'conf'))
  const path = join('conf', 'perdure.yaml')
  const url = async (text: string, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(join(folder, path), `url: ${text}\n`)
    return (await loadConfiguration({ folder, env, path })).settings.url
  }
  assert.equal(await url('data/orders.db'), join(folder, 'conf', 'data', 'orders.db'))
  assert.equal(await url('../orders.db'), join(folder, 'orders.db'))
  assert.equal(await url('":memory:"'), ':memory:')
  assert.equal(await url(join(folder, 'x.db')), join(folder, 'x.db'))
  assert.equal(await url('postgresql://db/app'), 'postgresql://db/app')
  assert.equal(await url('a.db', { PERDURE_URL: 'b.db' }), 'b.db')
})

test('where the engine is switched off, variables of the file may be unset, and all else is checked', async (t) => {
  const text = 'url: postgres://${NONE}/app\nnamespace: shop\n'
  const { settings } = await load(t, `enabled: false\n${text}`)
  const off = { enabled: false, namespace: 'shop', url: undefined }
  assert.deepEqual({ url: undefined, ...settings }, off)
  assert.deepEqual({ url: undefined, ...(await load(t, text, { PERDURE_ENABLED: 'false' })).settings }, off)
  assert.equal((await failure(load(t, `enabled: false\n${text}`, { PERDURE_ENABLED: 'true' }))).code, 'CONFIG_VARIABLE_UNSET')
  assert.equal((await failure(load(t, 'enabled: false\nurl: ${NONE}\nwroker: {}\n'))).code, 'CONFIG_KEY_UNKNOWN')
})
