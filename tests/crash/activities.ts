import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { activityInfo } from 'perdure/activity'

/** One line of the log, written before the step's work: whatever ran has left one. */
export interface StepLine {
  readonly workflowId: string
  readonly runId: string
  readonly step: string
  readonly attempt: number
  readonly pid: number
  /** What this execution of the step returns, and no other. */
  readonly token: string
}

export interface StepActivities {
  step(workflowId: string, step: string): Promise<string>
}

export function createActivities(logFile: string): StepActivities {
  return {
    step: async (workflowId, step) => {
      const { attempt, workflowExecution } = activityInfo()
      const token = crypto.randomUUID()
      const line: StepLine = { workflowId, runId: workflowExecution.runId, step, attempt, pid: process.pid, token }
      appendFileSync(logFile, `${JSON.stringify(line)}\n`)
      await pause(step === 'once' ? 100 + Math.random() * 200 : 20 + Math.random() * 60)
      return token
    },
  }
}
