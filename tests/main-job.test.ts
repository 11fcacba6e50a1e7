import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it, test, type TestContext } from 'node:test'

const root = join(import.meta.dirname, '..')

function startMainJob(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-main-job-'))
  const child = spawn(process.execPath, ['examples/main-job/run.ts'], {
    cwd: root, env: { ...process.env, PERDURE_DEMO: folder, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return { child, folder, ended: once(child, 'exit') as Promise<[code: number | null, signal: string | null]> }
}

test('npm start is the main job', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  assert.equal(scripts['start'], 'node examples/main-job/run.ts')
})

describe('the main job', { concurrency: true }, () => {
  it('survives the kill of a worker, and proves it', async (t) => {
    const { child, folder, ended } = startMainJob(t)
    const [printed, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    assert.equal(code, 0, printed + errors)
    assert.match(printed, /worker A killed with -9/)
    assert.match(printed, /worker B goes on with what A left, \d+\.\d s after the kill/)
    assert.equal(count(printed, 'orders in the file'), 300)
    assert.equal(count(printed, 'charged, reserved and confirmed'), 266)
    assert.equal(count(printed, 'charged and refunded'), 34)
    assert.equal(count(printed, 'lost'), 0)
    assert.equal(count(printed, 'contradictions'), 0)
    assert.ok(count(printed, 'results recorded before the kill') > 100, printed)
    assert.ok(count(printed, 'effects by worker A') > 0 && count(printed, 'effects by worker B') > 0, printed)
    const workers = new Set(readFileSync(join(folder, 'effects.jsonl'), 'utf8').trim().split('\n').map((line) => {
      return (JSON.parse(line) as { worker: string }).worker
    }))
    assert.deepEqual([...workers].sort(), ['A', 'B'])
  })

  it('fails when the log tells of something that the database does not know', async (t) => {
    const { child, folder, ended } = startMainJob(t)
    await workerPids(child)
    const invented = { key: 'ord-9999/charge/1', orderId: 'ord-9999', kind: 'charge', attempt: 1, outcome: 'done', worker: 'A', at: 0 }
    appendFileSync(join(folder, 'effects.jsonl'), `${JSON.stringify(invented)}\n`)
    const [printed, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    assert.equal(code, 1, printed + errors)
    assert.equal(count(printed + errors, 'contradictions'), 1)
    assert.match(printed, /ord-9999: not in the orders file/)
  })
})

test('the workers of the main job end when it is killed', async (t) => {
  const { child, ended } = startMainJob(t)
  const pids = await workerPids(child)
  child.stdout.resume()
  child.kill('SIGKILL')
  await ended
  // Each worker holds the pipe of its standard error open, and nobody else does.
  await text(child.stderr)
  assert.equal(pids.length, 2)
})

test('an interrupted main job ends its workers and says so by its exit code', async (t) => {
  const { child, folder, ended } = startMainJob(t)
  await workerPids(child)
  child.stdout.resume()
  child.kill('SIGINT')
  const [[code]] = await Promise.all([ended, text(child.stderr)])
  assert.equal(code, 130)
  assert.ok(existsSync(join(folder, 'orders.db')))
})

async function workerPids(child: ReturnType<typeof startMainJob>['child']): Promise<number[]> {
  let printed = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk)
    const pids = [...printed.matchAll(/worker \w runs \(pid (\d+)\)/g)].map((found) => Number(found[1]))
    if (pids.length === 2) return pids
  }
  assert.fail(`ended before its workers ran: ${printed}`)
}

function count(printed: string, row: string): number {
  const found = new RegExp(`│ ${row} +│ +(\\d+) │`).exec(printed)
  assert.ok(found !== null, `no row "${row}" in:\n${printed}`)
  return Number(found[1])
}
