import { activityInfo, log } from 'perdure/activity'
import { probe } from '../probe.ts'

/** Fails the first time. */
export async function speak(key: string): Promise<void> {
  const { attempt } = activityInfo()
  log.info('speaks', { attempt: 'not this one' })
  if (attempt === 1) throw new Error('hoarse')
  probe(key).note('spoke')
}
