/**
 * Who is told by an engine (a logger, a listener of metrics) is somebody's code: what it throws stops nobody. The first error is told
 * as a warning of the process.
 * @param what as in 'The logger given to the engine threw, and lines are missing'
 */
export function listenerWarning(what: string): (error: unknown) => void {
  let isTold = false
  return (error) => {
    if (isTold) return
    isTold = true
    const why = error instanceof Error ? error.message : String(error)
    process.emitWarning(`${what}: ${why}`, { type: 'PerdureWarning' })
  }
}
