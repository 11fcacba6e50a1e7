/**
 * Signals and requests come first, then updates, then resolutions, as in one activation of Temporal; each kind in its own order.
 * The inputs of an execution are kept so: there may be thousands, and nobody searches them for what is next.
 */
import { isMessage } from '../../protocol/event.ts'
import type { Input } from './owned-execution.ts'

export function addInOrder(inputs: Input[], input: Input): void {
  const rank = rankOf(input)
  let from = 0
  let to = inputs.length
  while (from < to) {
    const middle = (from + to) >> 1
    const other = inputs[middle]
    if (other !== undefined && rankOf(other) <= rank) from = middle + 1
    else to = middle
  }
  inputs.splice(from, 0, input)
}

export function inOrder(inputs: readonly Input[]): Input[] {
  return inputs.toSorted((one, other) => rankOf(one) - rankOf(other))
}

/** The next input, where it was sent by somebody. */
export function nextMessage(inputs: readonly Input[]): Input | undefined {
  const [first] = inputs
  return first !== undefined && isMessage(first.event) ? first : undefined
}

function rankOf({ event }: Input): number {
  if (!isMessage(event)) return 2
  return event.type === 'WorkflowExecutionUpdateRequested' ? 1 : 0
}
