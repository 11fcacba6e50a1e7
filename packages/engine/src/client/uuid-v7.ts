/** Run ids: UUID version 7 (RFC 9562), so that they sort by time and index pages fill from one end. */
import { randomFillSync } from 'node:crypto'
import { asRunId, type Millis, type RunId } from '../protocol/ids.ts'

const bytesEach = 10
const pool = Buffer.alloc(bytesEach * 256)
let used = pool.length
const timeDigits = 12
const text = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1')

/** Random bytes come from a pool, because a call for each id would cost more than the rest of a start. */
export function newRunId(now: Millis): RunId {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const first = firstBits(Math.floor(now), ((pool[used] ?? 0) << 8 | (pool[used + 1] ?? 0)) & 0x7ff)
  pool[used] = (first >> 8) | 0x70
  pool[used + 1] = first & 0xff
  pool[used + 2] = ((pool[used + 2] ?? 0) & 0x3f) | 0x80
  let time = Math.floor(now)
  for (let place = timeDigits - 1; place >= 0; place--) {
    write(place, time % 16)
    time = Math.floor(time / 16)
  }
  for (let index = 0; index < bytesEach; index++) {
    const byte = pool[used + index] ?? 0
    write(timeDigits + 2 * index, byte >> 4)
    write(timeDigits + 2 * index + 1, byte & 0x0f)
  }
  used += bytesEach
  // One flat text: of texts that were joined, the parts would stay in memory as long as the id.
  return asRunId(text.toString('latin1'))
}

let lastTime = -1
let lastFirst = 0

/** Of two starts of a workflow id in one millisecond the later one must be known: ids of one process go up within it. */
function firstBits(time: number, random: number): number {
  lastFirst = time === lastTime && lastFirst < 0xfff ? lastFirst + 1 : random
  lastTime = time
  return lastFirst
}

function write(place: number, digit: number): void {
  text[place + (place < 8 ? 0 : Math.min(4, (place - 4) >> 2))] = digit < 10 ? 48 + digit : 87 + digit
}
