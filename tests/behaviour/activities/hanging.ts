import { activityInfo, cancelled, Context, heartbeat, isCancellation, sleep } from 'perdure/activity'
import { probe } from '../probe.ts'

/** Does not come back before the test opens the gate; from the attempt given on it does so at once. */
export async function hangUntilAttempt(key: string, attempt: number): Promise<number> {
  probe(key).note(`attempt ${activityInfo().attempt}`)
  if (activityInfo().attempt < attempt) await probe(key).opened
  return activityInfo().attempt
}

/** The first attempt tells how far it got and falls silent; the second returns what it was told. */
export async function fallSilent(key: string, page: number): Promise<unknown> {
  if (activityInfo().attempt > 1) return activityInfo().heartbeatDetails
  heartbeat({ page })
  await probe(key).opened
}

/** Only the first of three attempts sends a heartbeat. */
export async function rememberPage(page: number): Promise<unknown> {
  const { attempt, heartbeatDetails } = activityInfo()
  if (attempt === 1) heartbeat({ page })
  if (attempt < 3) throw new Error(`attempt ${attempt}`)
  return heartbeatDetails
}

/** Longer than its heartbeat timeout, with heartbeats in between. */
export async function beatOn(times: number): Promise<number> {
  for (let beat = 0; beat < times; beat++) {
    await sleep(50)
    heartbeat(beat)
  }
  return activityInfo().attempt
}

/** Works until it is asked to stop, and then does as told: `linger` waits for the gate and returns. */
export async function workUntilCancelled(key: string, then: 'throw' | 'return' | 'fail' | 'linger'): Promise<string> {
  probe(key).note('entered')
  const beats = setInterval(() => heartbeat(), 10)
  try {
    await Promise.race([cancelled(), probe(key).opened])
  } catch (error) {
    const told = isCancellation(error) && Context.current().cancellationSignal.aborted
    probe(key).note(told ? 'was cancelled' : 'was cut off')
    if (then === 'throw') throw error
    if (then === 'fail') throw new Error('clean-up failed', { cause: error })
    if (then === 'linger') await probe(key).opened
    return 'cleaned up'
  } finally {
    clearInterval(beats)
  }
  probe(key).note('was not cancelled')
  return 'done'
}
