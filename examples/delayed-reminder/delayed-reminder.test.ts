import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import type { Reminder } from './reminder.ts'
import { getDueAt, reminder, reschedule, withdraw } from './workflows.ts'

const about: Reminder = { id: 'tea', to: 'ada@example.com', text: 'Tea is ready.', delayMs: 0 }
const hourMs = 3_600_000

describe('delayed reminder', () => {
  let folder = ''
  const mail = () => join(folder, 'tea.eml')

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'perdure-delayed-reminder-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Each call is a new process as far as the database can tell: it has only the file. */
  async function openEngine({ started = true } = {}): Promise<Engine> {
    const engine = await Engine.open({ database: join(folder, 'reminders.db') })
    engine.workflows.register({ reminder })
    engine.activities.register(createActivities(folder))
    if (started) await engine.start()
    return engine
  }

  it('is sent when the delay is over, and not before', async () => {
    await using engine = await openEngine()
    const dueAt = Date.now() + 200
    const outcome = await engine.workflows.execute(reminder, { startDelay: 200, args: [about, dueAt] })
    assert.ok(outcome.status === 'sent' && outcome.dueAt === dueAt && outcome.sentAt >= dueAt, JSON.stringify(outcome))
    assert.equal(readFileSync(mail(), 'utf8'), 'Message-ID: <tea@example.com>\nTo: ada@example.com\nSubject: Reminder\n\nTea is ready.\n')
  })

  it('is sent later when it was moved during its delay', async () => {
    await using engine = await openEngine()
    const dueAt = Date.now() + 100
    const handle = await engine.workflows.start(reminder, { startDelay: 100, args: [about, dueAt] })
    await handle.signal(reschedule, dueAt + 200)
    const outcome = await handle.result()
    assert.ok(outcome.status === 'sent' && outcome.dueAt === dueAt + 200 && outcome.sentAt >= dueAt + 200, JSON.stringify(outcome))
  })

  it('is never sent when it was withdrawn during its delay', async () => {
    await using engine = await openEngine()
    const handle = await engine.workflows.start(reminder, { startDelay: 100, args: [about, Date.now() + 100] })
    await handle.signal(withdraw)
    assert.deepEqual(await handle.result(), { status: 'withdrawn', id: 'tea' })
    assert.equal(existsSync(mail()), false)
  })

  it('can be moved in both directions while it waits', async ({ signal }) => {
    await using engine = await openEngine()
    const now = Date.now()
    const handle = await engine.workflows.start(reminder, { args: [about, now + hourMs] })
    assert.equal(await handle.query(getDueAt), now + hourMs)
    await handle.signal(reschedule, now + 2 * hourMs)
    // A signal is kept at once, and heard soon.
    while (await handle.query(getDueAt) !== now + 2 * hourMs) await setImmediate(undefined, { signal })
    assert.equal(existsSync(mail()), false)
    await handle.signal(reschedule, now)
    assert.equal((await handle.result()).status, 'sent')
  })

  it('outlives the process, with the signals that nobody had read', async () => {
    const first = await openEngine({ started: false })
    const dueAt = Date.now() + hourMs
    await first.workflows.start(reminder, { workflowId: 'moved', args: [about, dueAt] })
    await first.workflows.signal('moved', reschedule, 0)
    await first.workflows.start(reminder, { workflowId: 'withdrawn', args: [{ ...about, id: 'coffee' }, dueAt] })
    await first.workflows.signal('withdrawn', withdraw)
    await first.stop()
    assert.equal(existsSync(mail()), false)
    await using second = await openEngine()
    assert.equal((await second.workflows.getHandle<typeof reminder>('moved').result()).status, 'sent')
    assert.equal((await second.workflows.getHandle<typeof reminder>('withdrawn').result()).status, 'withdrawn')
    assert.ok(existsSync(mail()))
  })

  it('outlives the process while it waits', async () => {
    const first = await openEngine()
    const dueAt = Date.now() + hourMs
    const { workflowId } = await first.workflows.start(reminder, { args: [about, dueAt] })
    assert.equal(await first.workflows.query(workflowId, getDueAt), dueAt)
    await first.stop()
    await using second = await openEngine()
    assert.equal(await second.workflows.query(workflowId, getDueAt), dueAt)
    await second.workflows.signal(workflowId, reschedule, 0)
    const outcome = await second.workflows.getHandle<typeof reminder>(workflowId).result()
    assert.ok(outcome.status === 'sent' && outcome.dueAt === 0)
  })

  it('is shown over a restart when it is run', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], { encoding: 'utf8' })
    assert.match(printed, /^ *stopped after/m)
    assert.match(printed, /^passport +due after 1\.5 s, sent after \d+\.\d s$/m)
    assert.match(printed, /^dentist +due after 4\.0 s, sent after \d+\.\d s$/m)
    assert.match(printed, /^rent +due after 3\.0 s, sent after \d+\.\d s$/m)
    assert.match(printed, /^concert +not sent$/m)
    assert.match(printed, /Each was sent when it was due, or not at all\.$/m)
  })
})
