import { activityInfo } from 'perdure/activity'
import { probe } from '../probe.ts'

export async function greet(name: string): Promise<string> {
  return `Hello, ${name}!`
}

export async function add(left: number, right: number): Promise<number> {
  return left + right
}

export async function echo(...values: unknown[]): Promise<unknown> {
  return values[0]
}

export async function countArguments(...values: unknown[]): Promise<number> {
  return values.length
}

export async function note(key: string, text: string): Promise<void> {
  probe(key).note(text)
}

/** Notes its name and waits until the test opens the gate. */
export async function gated(key: string, name: string): Promise<string> {
  probe(key).note(`entered ${name}`)
  await probe(key).opened
  probe(key).note(`left ${name}`)
  return name
}

export async function describeAttempt(): Promise<unknown> {
  return activityInfo()
}

export async function text(length: number): Promise<string> {
  return 'x'.repeat(length)
}

export async function unstorable(): Promise<unknown> {
  return { order: { lines: new Map([['a', 1]]) } }
}
