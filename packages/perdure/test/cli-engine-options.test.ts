/** `--engine-options <file>`: converters, codecs and interceptors of a program, for the command line. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test, type TestContext } from 'node:test'
import { loadModules, registerModules } from '../src/cli/load-modules.ts'
import { Engine, type EngineOptions } from '../src/index.ts'
import { refused, runHere } from './cli-here.ts'
import { folder } from './cli-process.ts'

const workflows = `
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
const { charge } = proxyActivities({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
export async function order(amount) {
  let total = amount
  setHandler(defineQuery('total'), () => total)
  total += await charge(amount)
  await condition(() => false, total > 10n ? '1 day' : 1)
  return { total }
}
export async function declined() {
  throw Object.assign(new Error('a secret reason'), { name: 'Declined' })
}
`

const options = `
import { CompositePayloadConverter, DefaultFailureConverter, JsonPayloadConverter, UndefinedPayloadConverter } from 'perdure'
import { createEncryptionCodec } from 'perdure/codecs'
const bigInts = {
  encodingType: 'text/bigint',
  toPayload: (value) => typeof value !== 'bigint' ? undefined
    : { metadata: { encoding: Buffer.from('text/bigint') }, data: Buffer.from(String(value)) },
  fromPayload: ({ data }) => BigInt(Buffer.from(data).toString()),
}
class Declined extends Error {}
class Failures extends DefaultFailureConverter {
  failureToError(failure, payloads) {
    const error = super.failureToError(failure, payloads)
    return error.message === 'a secret reason' ? new Declined(error.message) : error
  }
}
class Json extends JsonPayloadConverter {
  toPayload(value) {
    return typeof value?.total === 'bigint' ? super.toPayload({ total: String(value.total) }) : super.toPayload(value)
  }
  fromPayload(payload) {
    const value = super.fromPayload(payload)
    return typeof value?.total === 'string' ? { total: BigInt(value.total) } : value
  }
}
export const dataConverter = {
  payloadConverter: new CompositePayloadConverter(new UndefinedPayloadConverter(), bigInts, new Json()),
  failureConverter: new Failures(),
  payloadCodecs: [createEncryptionCodec({ keyId: 'k', keys: { k: Buffer.alloc(32, 7) } })],
}
// Near a known name, which is there too.
export const dataConverters = { all: dataConverter }
`

const given = ['--engine-options', 'engine-options.js']

/** An open execution, one that completed and one that failed, all of it encrypted. */
async function project(t: TestContext): Promise<string> {
  const cwd = folder(t, { 'workflows.js': workflows, 'engine-options.js': options, 'package.json': '{"type":"module"}' })
  const loaded = await loadModules({ workflows: [join(cwd, 'workflows.js')], activities: [] })
  const module = pathToFileURL(join(cwd, 'engine-options.js')).href
  const { dataConverter } = await import(module) as Required<Pick<EngineOptions, 'dataConverter'>>
  const engine = await Engine.open({ database: join(cwd, 'perdure.db'), dataConverter })
  try {
    registerModules(engine, loaded)
    engine.activities.register({ charge: async (amount: bigint) => amount })
    await engine.start()
    await engine.workflows.start('order', { workflowId: 'open', args: [7n] })
    await engine.workflows.execute('order', { workflowId: 'closed', args: [2n] })
    await assert.rejects(engine.workflows.execute('declined', { workflowId: 'declined' }))
    while ((await engine.workflows.history('open')).length < 4) { /* until it was charged */ }
  } finally {
    await engine.stop()
  }
  return cwd
}

test('what a program encrypted is exported, replayed and shown with its options, and refused without them, with the remedy', async (t) => {
  const cwd = await project(t)
  const exportIt = ['workflow', 'export', '-w', 'closed']
  const without = await refused(t, exportIt, { cwd })
  assert.match(without, /^error PAYLOAD_UNREADABLE: .*'binary\/encrypted'.*--engine-options <file>: a module that exports /)
  const exported = await runHere(t, [...exportIt, ...given], { cwd })
  assert.equal(exported.code, 0, exported.stderr)
  writeFileSync(join(cwd, 'closed.json'), exported.stdout)
  assert.equal((await runHere(t, ['replay', 'closed.json', ...given], { cwd })).stdout, '1 history replayed: the code does what it says\n')
  const unread = await refused(t, ['replay', 'closed.json'], { cwd })
  assert.match(unread, /HISTORY_PAYLOAD_UNSUPPORTED\n.*'text\/bigint'.*--engine-options <file>/)
  assert.equal((await runHere(t, ['replay', '--open', ...given], { cwd })).stdout, '1 history replayed: the code does what it says\n')
  assert.match(await refused(t, ['replay', '--open'], { cwd }), /FAIL {2}open .*\n {2}PAYLOAD_UNREADABLE\n.*--engine-options <file>/)
})

test('the configuration may name the module, from the folder of its file', async (t) => {
  const cwd = await project(t)
  writeFileSync(join(cwd, 'perdure.yaml'), 'cli:\n  engine_options: engine-options.js\n')
  const where = ['--config', join(cwd, 'perdure.yaml'), '-d', join(cwd, 'perdure.db')]
  const shown = await runHere(t, ['workflow', 'result', '-w', 'closed', ...where], { cwd: tmpdir() })
  assert.equal(shown.stdout, '{\n  "total": "4"\n}\n', shown.stderr)
  const env = { PERDURE_CLI_ENGINE_OPTIONS: 'other.js' }
  const told = await refused(t, ['replay', '--open'], { cwd, env })
  assert.match(told, /^error MODULE_NOT_FOUND: There is no file of engine options other\.js/)
})

test('a result that JSON has not is printed, and an error of a class of its own is told with it', async (t) => {
  const cwd = await project(t)
  const result = ['workflow', 'result', '-w', 'closed', ...given]
  assert.equal((await runHere(t, result, { cwd })).stdout, '{\n  "total": "4"\n}\n')
  const json = await runHere(t, [...result, '-o', 'json'], { cwd })
  assert.deepEqual((JSON.parse(json.stdout) as { result: unknown }).result, { total: '4' })
  const declined = await refused(t, ['workflow', 'result', '-w', 'declined', ...given], { cwd })
  assert.match(declined, /^error WORKFLOW_FAILED: .*a secret reason\n {2}cause ApplicationFailure Declined: a secret reason/)
})

const wrong: readonly (readonly [what: string, file: string, text: string | undefined, told: RegExp])[] = [
  ['that is not there', 'engine-option.js', undefined, /^error MODULE_NOT_FOUND: There is no file of engine options engine-option\.js in /],
  ['that is a folder', '.', undefined, /^error MODULE_INVALID: The file of engine options \. is a folder: name the file/],
  ['that throws', 'a.js', 'throw new Error("no key")',
    /^error MODULE_INVALID: The file of engine options a\.js cannot be loaded: .*no key/],
  ['of other names', 'a.js', 'export const payloadConverter = {}',
    /exports none of dataConverter, .*, but payloadConverter; write export const dataConverter = \{ payloadConverter \}/],
  ['without exports', 'a.js', '', /exports none of .*, but nothing; write export const dataConverter = \{ \.\.\. \}/],
  ['with a name mistyped', 'a.js', 'export const dataConvertor = {}', /a\.js exports dataConvertor; did you mean 'dataConverter'\?/],
  ['with a name mistyped beside one that is not', 'a.js', 'export const dataConverter = {}\nexport const interceptor = {}',
    /a\.js exports interceptor; did you mean 'interceptors'\?/],
  ['with a wrong converter', 'a.js', 'export const dataConverter = { payloadConverter: {} }',
    /^error ENGINE_OPTIONS_INVALID: a\.js: The option dataConverter\.payloadConverter .* lacks the method toPayload or fromPayload/],
]

for (const [what, file, text, told] of wrong) {
  test(`bad input: a file of engine options ${what} is refused, and nothing is done`, async (t) => {
    const cwd = folder(t, { 'package.json': '{"type":"module"}', ...(text === undefined ? {} : { [file]: text }) })
    assert.match(await refused(t, ['workflow', 'start', '--type', 'order', '--engine-options', file], { cwd }), told)
  })
}

test('what workflows.js lets out fails it or not as workflowFailureErrorTypes say, in a replay too', async (t) => {
  const cwd = folder(t, {
    'package.json': '{"type":"module"}', 'workflows.js': 'export async function fails() { throw new TypeError("no") }',
    'engine-options.js': 'export const workflowFailureErrorTypes = { "*": ["RangeError"] }',
  })
  const database = join(cwd, 'perdure.db')
  const engine = await Engine.open({ database, worker: { workflowFailureErrorTypes: { '*': ['RangeError'] } } })
  try {
    registerModules(engine, await loadModules({ workflows: [join(cwd, 'workflows.js')], activities: [] }))
    await engine.start()
    const handle = await engine.workflows.start('fails', { workflowId: 'w' })
    while ((await handle.describe()).held === undefined) { /* until its code has thrown */ }
  } finally {
    await engine.stop()
  }
  assert.match(await refused(t, ['replay', '--open', ...given], { cwd }), /^FAIL {2}w .*\n {2}TASK_FAILURE\n {2}no/)
  assert.equal((await runHere(t, ['replay', '--open'], { cwd })).stdout, '1 history replayed: the code does what it says\n')
})
