/** Activities of the recorded executions: while they are recorded most of them leave their work undone; afterwards they end it. */
import { activityInfo, cancelled, CompleteAsyncError, heartbeat } from 'perdure/activity'

export type Phase = 'recorded' | 'upgraded'

export interface HistoryActivities {
  double(value: number): Promise<number>
  refuse(): Promise<never>
  retried(): Promise<string>
  endless(name: string): Promise<string>
  beating(): Promise<unknown>
  leftOutside(): Promise<unknown>
  /** Ends when it is cancelled. */
  heeding(): Promise<unknown>
  echo(value: unknown, label: string): Promise<unknown>
}

export function activitiesIn(phase: Phase): HistoryActivities {
  const isRecorded = phase === 'recorded'
  return {
    double: async (value) => value * 2,
    refuse: async () => { throw new Error('refused') },
    retried: async () => {
      if (isRecorded) throw new Error('not yet')
      return `attempt ${activityInfo().attempt > 1 ? 'after the first' : 1}`
    },
    endless: async (name) => (isRecorded ? new Promise<never>(() => undefined) : `${name} ended`),
    beating: async () => {
      if (!isRecorded) return activityInfo().heartbeatDetails ?? null
      heartbeat({ done: 'half' })
      return new Promise<never>(() => undefined)
    },
    leftOutside: async () => { throw new CompleteAsyncError() },
    heeding: async () => cancelled(),
    echo: async (value) => value,
  }
}
