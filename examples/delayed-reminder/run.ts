/**
 * Four reminders, two of them changed while they wait, over a restart: `npx node examples/delayed-reminder/run.ts`. Exit code 0
 * only if each was sent when it was due, or not at all.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine } from 'perdure'
import { createActivities } from './activities.ts'
import { readReminders, type ReminderOutcome } from './reminder.ts'
import { reminder, reschedule, withdraw } from './workflows.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-reminders-'))
const outbox = join(folder, 'outbox')
const { reminders, changes } = readReminders()
const startedAt = Date.now()
const firstDueAt = startedAt + Math.min(...reminders.map(({ delayMs }) => delayMs))

try {
  mkdirSync(outbox)
  const engine = await openEngine()
  await startAndChange(engine)
  await engine.stop()
  say(`stopped after ${seconds(Date.now())}; nobody is there when the first one becomes due`)
  await pause(Math.max(0, firstDueAt + 300 - Date.now()))

  await using reopened = await openEngine()
  say(`opened again after ${seconds(Date.now())}; ${readdirSync(outbox).length} sent so far`)
  const outcomes = await Promise.all(reminders.map(async ({ id }) => {
    const outcome = await reopened.workflows.getResult<ReminderOutcome>(`reminder-${id}`)
    say(outcome.status === 'sent' ? `due after ${seconds(outcome.dueAt)}, sent after ${seconds(outcome.sentAt)}` : 'not sent', id)
    return outcome
  }))
  const holds = check(outcomes)
  say(holds ? 'Each was sent when it was due, or not at all.' : 'It does not hold.')
  process.exitCode = holds ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

async function openEngine(): Promise<Engine> {
  const engine = await Engine.open({ database: join(folder, 'reminders.db') })
  engine.workflows.register({ reminder })
  engine.activities.register(createActivities(outbox))
  await engine.start()
  return engine
}

async function startAndChange({ workflows }: Engine): Promise<void> {
  for (const each of reminders) {
    const dueAt = startedAt + each.delayMs
    const startDelay = Math.max(0, dueAt - Date.now())
    await workflows.start(reminder, { workflowId: `reminder-${each.id}`, startDelay, args: [each, dueAt] })
    say(`due after ${seconds(dueAt)}`, each.id)
  }
  for (const { id, delayMs } of changes) {
    if (delayMs === null) await workflows.signal(`reminder-${id}`, withdraw)
    else await workflows.signal(`reminder-${id}`, reschedule, startedAt + delayMs)
    say(delayMs === null ? 'withdrawn' : `moved to ${seconds(startedAt + delayMs)}`, id)
  }
}

/** The outcomes and the mails are those that the input file asks for, and none was early. */
function check(outcomes: readonly ReminderOutcome[]): boolean {
  const delays = new Map<string, number | null>([...reminders, ...changes].map(({ id, delayMs }) => [id, delayMs]))
  const wanted = reminders.filter(({ id }) => delays.get(id) !== null).map(({ id }) => `${id}.eml`)
  return readdirSync(outbox).sort().join() === wanted.sort().join() && outcomes.every((outcome) => {
    const delayMs = delays.get(outcome.id) ?? null
    return outcome.status === 'sent' ? delayMs !== null && outcome.sentAt >= startedAt + delayMs : delayMs === null
  })
}

function say(text: string, id = ''): void {
  console.log(`${id.padEnd(10)}${text}`)
}

function seconds(at: number): string {
  return `${((at - startedAt) / 1_000).toFixed(1)} s`
}
