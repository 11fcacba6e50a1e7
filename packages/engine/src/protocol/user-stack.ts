/** Stacks of failures without the frames of the engine: they say nothing to whoever reads a failure, and are stored with it. */
const engineFolder = new URL('..', import.meta.url).href

/** A stack that has no other frames is left as it is: then the error may be the engine's own. */
export function userStack(stack: string): string {
  if (!stack.includes(engineFolder)) return stack
  const lines = stack.split('\n')
  const kept = lines.filter((line) => !isEngineFrame(line))
  return kept.some(isFrame) ? kept.join('\n') : stack
}

/** Where in the code of users an error was made, as in a stack. Undefined: its stack does not say. */
export function userPlace({ stack = '' }: Error): string | undefined {
  const line = stack.split('\n').find((each) => isFrame(each) && !isEngineFrame(each) && !platformFrame.test(each))
  return line?.trim().replace(/^at /, '')
}

const platformFrame = /packages[\\/]workflow[\\/]|@perdure[\\/]workflow[\\/]|node:internal|<anonymous>\)?$/

/** An error without any frames, for what the engine makes far away from the code that it tells about. Also much cheaper. */
export function withoutFrames<T>(make: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}

function isEngineFrame(line: string): boolean {
  if (!isFrame(line)) return false
  return line.includes('node:internal/async_local_storage/') || (line.includes(engineFolder) && !line.includes('.test.ts:'))
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line)
}
