import { ApplicationFailure, type Duration, proxyActivities, sleep } from 'perdure/workflow'
import type * as steps from '../activities/steps.ts'

class OutOfStock extends Error {}

export async function throwsPlainError(): Promise<void> {
  throw new OutOfStock('none left')
}

export async function throwsFailure(): Promise<void> {
  await sleep(1)
  throw ApplicationFailure.create({ message: 'no', type: 'Refused', details: [{ reason: 'limit' }, 5], nonRetryable: true })
}

export async function throwsText(): Promise<void> {
  // eslint-disable-next-line typescript/only-throw-error -- what is thrown need not be an Error
  throw 'text'
}

export async function throwsUndefined(): Promise<void> {
  // eslint-disable-next-line typescript/only-throw-error -- what is thrown need not be an Error
  throw undefined
}

export async function throwsSynchronously(): Promise<void> {
  JSON.parse('{')
}

export async function returnsUnstorable(): Promise<unknown> {
  return { lines: new Map() }
}

export async function passesUnstorable(): Promise<string> {
  const { echo } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
  try {
    await echo({ order: { total: 10n } })
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`
  }
  return 'passed'
}

export async function passesText(length: number): Promise<string> {
  const { echo } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
  try {
    return `passed ${((await echo('x'.repeat(length))) as string).length}`
  } catch (error) {
    return `${(error as { code?: string }).code}`
  }
}

export async function receivesText(length: number): Promise<number> {
  const { text } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
  return (await text(length)).length
}

export async function receivesUnstorable(): Promise<unknown> {
  const { unstorable } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
  return unstorable()
}

export async function withoutTimeout(): Promise<unknown> {
  return proxyActivities<typeof steps>({}).greet('you')
}

export async function withWrongDuration(): Promise<unknown> {
  return proxyActivities<typeof steps>({ startToCloseTimeout: '5 parsecs' as Duration }).greet('you')
}

export async function sleepsWrongly(): Promise<void> {
  await sleep('soon' as Duration)
}
