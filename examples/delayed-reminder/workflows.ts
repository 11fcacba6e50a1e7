import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
import type { createActivities } from './activities.ts'
import type { Reminder, ReminderOutcome } from './reminder.ts'

/** To another time, in milliseconds since 1970. */
export const reschedule = defineSignal<[dueAt: number]>('reschedule')
export const withdraw = defineSignal('withdraw')
export const getDueAt = defineQuery<number>('getDueAt')

const { sendReminder } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '30 seconds' })

/**
 * Sends a reminder when it is due.
 *
 * Start it with a `startDelay` up to then: so it costs nothing while it waits, and its code has not even begun. Signals that
 * come meanwhile are kept, and are the first thing it hears. Moved to a later time, it waits on here.
 */
export async function reminder(about: Reminder, firstDueAt: number): Promise<ReminderOutcome> {
  const { id } = about
  let dueAt = firstDueAt
  let withdrawn = false
  setHandler(reschedule, (at) => {
    dueAt = at
  })
  setHandler(withdraw, () => {
    withdrawn = true
  })
  setHandler(getDueAt, () => dueAt)

  const isWaiting = () => !withdrawn && Date.now() < dueAt
  while (isWaiting()) {
    const planned = dueAt
    await condition(() => withdrawn || dueAt !== planned, planned - Date.now())
  }
  if (withdrawn) return { status: 'withdrawn', id }
  return { status: 'sent', id, dueAt, sentAt: await sendReminder(about) }
}
