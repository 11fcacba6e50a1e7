/** Tells the client part of a process when the code of a workflow, which runs in the same process, has ended. */
export interface BodyEnds {
  /** Call it before the start. Resolves when the workflow has ended so many times. */
  wait(id: string, times?: number): Promise<void>
  ended(id: string): void
}

export function createBodyEnds(): BodyEnds {
  const waiting = new Map<string, { left: number; readonly resolve: () => void }>()
  return {
    wait: (id, times = 1) => new Promise((resolve) => waiting.set(id, { left: times, resolve })),
    ended: (id) => {
      const one = waiting.get(id)
      if (one === undefined || --one.left > 0) return
      waiting.delete(id)
      one.resolve()
    },
  }
}
