import assert from 'node:assert/strict'
import * as childProcess from 'node:child_process'
import * as crypto from 'node:crypto'
import * as dns from 'node:dns'
import * as fs from 'node:fs'
import { existsSync, readFile as readFileLater, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import * as http from 'node:http'
import { createRequire } from 'node:module'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import * as timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { DeterminismViolationError } from '@perdure/workflow'
import { FakeHost } from '../../../workflow/test/fake-host.ts'
import { installDeterministicGlobals } from './globals.ts'
import { runInScope } from './workflow-context.ts'

const facts = { name: fetch.name, length: fetch.length, readFile: readFileSync.name, custom: fs.exists.length }
installDeterministicGlobals()

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-forbidden-'))
})
after(() => rm(folder, { recursive: true }))

function inWorkflow<T>(fn: () => T): T {
  return runInScope(new FakeHost().rootScope, fn)
}

const file = import.meta.filename
const noop = (): void => undefined
const inActivity = /call it in an activity$/

const forbidden: [name: string, call: () => unknown, remedy: RegExp][] = [
  ['fetch()', () => fetch('http://127.0.0.1:1'), inActivity],
  ['new WebSocket()', () => new WebSocket('ws://127.0.0.1:1'), inActivity],
  ['setImmediate()', () => setImmediate(noop), /use sleep\(\)/],
  ['node:timers/promises setImmediate()', () => timersPromises.setImmediate(), /use sleep\(\)/],
  ['node:timers/promises setInterval()', () => timersPromises.setInterval(5), /use sleep\(\)/],
  ['AbortSignal.timeout()', () => AbortSignal.timeout(5), /use CancellationScope.withTimeout\(\)$/],
  ['net.Socket.connect()', () => net.connect(1, '127.0.0.1'), inActivity],
  ['net.Socket.connect()', () => http.get('http://127.0.0.1:1'), inActivity],
  ['dns.lookup()', () => dns.lookup('localhost', {}, noop), inActivity],
  ['dns.promises.resolve4()', () => dns.promises.resolve4('localhost'), inActivity],
  ['child_process.spawn()', () => childProcess.spawn('true'), inActivity],
  ['child_process.execSync()', () => childProcess.execSync('true'), inActivity],
  ['child_process.exec()', () => promisify(childProcess.exec)('true'), inActivity],
  ['fs.readFileSync()', () => readFileSync(file), inActivity],
  ['fs.readFile()', () => readFileLater(file, noop), inActivity],
  ['fs.readFile()', () => promisify(readFileLater)(file), inActivity],
  ['fs.exists()', () => promisify(fs.exists)(file), inActivity],
  ['fs.existsSync()', () => existsSync(file), inActivity],
  ['fs.openSync()', () => fs.openSync(file, 'r'), inActivity],
  ['fs.statSync()', () => fs.statSync(file), inActivity],
  ['fs.realpathSync()', () => fs.realpathSync.native(file), inActivity],
  ['fs.createReadStream()', () => fs.createReadStream(file), inActivity],
  ['fs.writeFileSync()', () => fs.writeFileSync(file, ''), inActivity],
  ['fs.promises.readFile()', () => readFile(file), inActivity],
  ['fs.promises.writeFile()', () => writeFile(file, ''), inActivity],
  ['fs.promises.open()', () => fs.promises.open(file), inActivity],
  ['crypto.randomBytes()', () => crypto.randomBytes(4), /use uuid4\(\) for ids, Math.random\(\) for numbers/],
  ['crypto.randomInt()', () => crypto.randomInt(4), /an activity for secrets$/],
  ['crypto.randomFillSync()', () => crypto.randomFillSync(Buffer.alloc(4)), /an activity for secrets$/],
  ['crypto.generateKeySync()', () => crypto.generateKeySync('hmac', { length: 64 }), /an activity for secrets$/],
]

for (const [name, call, remedy] of forbidden) {
  test(`${name} in a workflow says what to do instead: ${call.toString().slice(6)}`, async () => {
    await assert.rejects(async () => inWorkflow(call), (error) => {
      assert.ok(error instanceof DeterminismViolationError)
      assert.ok(error.message.startsWith(`${name} was used in workflow code, which must be deterministic`), error.message)
      assert.match(error.message, remedy)
      return true
    })
  })
}

test('every function of node:fs that takes a path is forbidden', () => {
  const allowed = /^(_toUnixTimestamp|unwatchFile|close|read|readv|write|writev|f(chmod|chown|datasync|stat|sync|truncate|utimes))(Sync)?$/
  const reached = (owner: object, names: string[]): string[] => names.filter((name) => {
    const call = (owner as Record<string, (...args: unknown[]) => unknown>)[name]
    try {
      // Wrong arguments, so that what is not forbidden fails and does nothing.
      inWorkflow(() => call?.({}))
    } catch (error) {
      return !(error instanceof DeterminismViolationError)
    }
    return true
  })
  const functions = (owner: object): string[] => Object.entries(owner)
    .filter(([name, value]) => typeof value === 'function' && /^[a-z_]/.test(name)).map(([name]) => name)
  assert.deepEqual(reached(fs, functions(fs).filter((name) => !allowed.test(name) && !name.endsWith('DisposableSync'))), [])
  assert.deepEqual(reached(fs.promises, functions(fs.promises)), [])
})

test('outside of workflows everything works, and looks as before', async () => {
  assert.deepEqual({ name: fetch.name, length: fetch.length, readFile: readFileSync.name, custom: fs.exists.length }, facts)
  assert.equal(readFileSync(file, 'utf8'), await readFile(file, 'utf8'))
  assert.equal((await promisify(childProcess.exec)('echo heard')).stdout.trim(), 'heard')
  assert.equal(await promisify(fs.exists)(file), true)
  assert.equal(fs.realpathSync.native(file), fs.realpathSync(file))
  assert.equal(AbortSignal.timeout(60_000).aborted, false)
  const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  assert.equal(await text(net.connect(port, '127.0.0.1')), 'hello')
  server.close()
  class Connection extends WebSocket {}
  assert.throws(() => new Connection('no address'), { name: 'SyntaxError' })
})

test('workflow code may load modules, of both kinds', async () => {
  const write = (name: string, text: string): string => {
    fs.writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  write('dependency.cjs', "module.exports = 'dependency'")
  const common = write('first.cjs', "module.exports = { dependency: require('./dependency.cjs') }")
  const module = write('second.mjs', "import first from './first.cjs'\nexport const second = first.dependency")
  const typescript = write('third.ts', 'export const third: number = 3')
  const json = write('fourth.json', '{"fourth":4}')
  const require = createRequire(import.meta.url)
  assert.deepEqual(inWorkflow(() => require(common)), { dependency: 'dependency' })
  assert.deepEqual(inWorkflow(() => require(json)), { fourth: 4 })
  assert.equal((await inWorkflow(() => import(module)) as { second: string }).second, 'dependency')
  assert.equal((await inWorkflow(() => import(typescript)) as { third: number }).third, 3)
})

test('what a module does while workflow code loads it counts as workflow code', () => {
  const path = join(folder, 'reads.cjs')
  fs.writeFileSync(path, "module.exports = require('node:fs').readFileSync(__filename, 'utf8')")
  assert.throws(() => inWorkflow(() => createRequire(import.meta.url)(path) as unknown), DeterminismViolationError)
})

test("the search for Node's own callers leaves the settings of stack traces as they were", () => {
  const before = [Error.stackTraceLimit, Error.prepareStackTrace]
  assert.throws(() => inWorkflow(() => existsSync(file)), DeterminismViolationError)
  assert.deepEqual([Error.stackTraceLimit, Error.prepareStackTrace], before)
})

test('an open file may be written in a workflow: that is how loggers work', () => {
  const descriptor = fs.openSync(join(folder, 'log'), 'w')
  inWorkflow(() => fs.writeSync(descriptor, 'line\n'))
  fs.closeSync(descriptor)
  assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'line\n')
})
