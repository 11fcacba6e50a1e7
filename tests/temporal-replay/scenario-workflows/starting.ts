import { ApplicationFailure, condition, defineSignal, setHandler } from '@temporalio/workflow'

export const word = defineSignal<[string]>('word')

/** Ends when it has heard `count` words. */
export async function hears(count: number): Promise<readonly string[]> {
  const words: string[] = []
  setHandler(word, (text) => { words.push(text) })
  await condition(() => words.length >= count)
  return words
}

export async function fails(): Promise<void> {
  throw ApplicationFailure.create({ message: 'failed' })
}
