/** Run ids: UUID version 7 (RFC 9562), so that they sort by time and index pages fill from one end. */
import { randomFillSync } from 'node:crypto'
import { asRunId, type Millis, type RunId } from '../protocol/ids.ts'

const bytesEach = 10
const pool = Buffer.alloc(bytesEach * 256)
let used = pool.length

/** Random bytes come from a pool, because a call for each id would cost more than the rest of a start. */
export function newRunId(now: Millis): RunId {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool[used] = ((pool[used] ?? 0) & 0x0f) | 0x70
  pool[used + 2] = ((pool[used + 2] ?? 0) & 0x3f) | 0x80
  const random = pool.toString('hex', used, (used += bytesEach))
  const time = Math.floor(now).toString(16).padStart(12, '0')
  return asRunId(`${time.slice(0, 8)}-${time.slice(8)}-${random.slice(0, 4)}-${random.slice(4, 8)}-${random.slice(8)}`)
}
