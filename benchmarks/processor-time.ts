import { readFileSync } from 'node:fs'

/** The unit of /proc, 1/100 s on every Linux that Node runs on. */
const ticksPerSecond = 100

/** User and system time of a process so far; undefined where it cannot be read (not Linux, or the process is gone). */
export function processorSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return undefined
  }
}
