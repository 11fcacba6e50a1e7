/** The end of an incarnation: perdure.bury_v1 locks its row FOR UPDATE, so it waits for its commits in flight. (I4) */
import { takeoversMax, takeoverWindowMs } from '@perdure/engine'
import type { Incarnation, Suspect } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const buryWorkerStatement: Statement = {
  name: 'bury_v1',
  text: 'select perdure.bury_v1($1, $2, $3, $4, $5, $6) as buried',
  writes: true,
}

export async function takeOver(database: Database, suspect: Suspect, leaseMs: number, lockClass: number): Promise<boolean> {
  const values = [suspect.incarnation, suspect.renewedAt, leaseMs, lockClass, takeoverWindowMs, takeoversMax]
  const [row] = await database.run<{ readonly buried: boolean }>(buryWorkerStatement, values)
  return row?.buried === true
}

/** It leaves in good order: nothing is counted. */
export async function retireWorker(database: Database, incarnation: Incarnation, lockClass: number): Promise<void> {
  await database.run(buryWorkerStatement, [incarnation, null, null, lockClass, takeoverWindowMs, takeoversMax])
}
