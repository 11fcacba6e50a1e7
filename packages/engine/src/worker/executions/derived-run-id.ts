/**
 * Run ids of runs that an execution starts: from its own run id and what for, so that whoever carries a command out again
 * after a crash starts the same run. In the form of a UUID of version 7, with the time of the start in front.
 */
import { createHash } from 'node:crypto'
import { asRunId, type Millis, type RunId } from '../../protocol/ids.ts'

export function derivedRunId(from: RunId, purpose: string, at: Millis): RunId {
  const hash = createHash('sha256').update(`${from} ${purpose}`).digest('hex')
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0').slice(-12)
  const variant = ((Number.parseInt(hash[3] ?? '0', 16) & 3) | 8).toString(16)
  return asRunId(`${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`)
}
