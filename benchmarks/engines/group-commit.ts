/** Collects rows while an insert is under way; resolves each when its insert is committed. */
export function groupCommit<T>(insert: (rows: readonly T[]) => Promise<void>): (row: T) => Promise<void> {
  interface Waiting {
    readonly row: T
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let busy = false
  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await insert(batch.map((each) => each.row))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
      await new Promise(setImmediate)
    }
    busy = false
  }
  return (row) => new Promise((resolve, reject) => {
    waiting.push({ row, resolve, reject })
    if (busy) return
    busy = true
    setImmediate(() => void flush())
  })
}
