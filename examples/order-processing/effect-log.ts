/**
 * What the activities did to the outside world, as that world saw it: one JSON line for each call of a provider, appended
 * by whichever worker made it. It knows nothing of the engine, so that what the engine recorded can be held against it.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

export type EffectKind = 'charge' | 'reserve' | 'confirm' | 'refund'

export interface Effect {
  /** Unique: an attempt that shows up twice is one that ran twice. */
  readonly key: `${string}/${EffectKind}/${number}`
  readonly orderId: string
  readonly kind: EffectKind
  readonly attempt: number
  /** Refused: the provider did nothing. */
  readonly outcome: 'done' | 'refused'
  /** The provider's own number for what it did. */
  readonly effectId?: string
  readonly amount?: number
  readonly worker: string
  readonly at: number
}

/** The file named by ORDERS_LOG. */
export function effectLogPath(): string {
  const path = process.env['ORDERS_LOG'] ?? ''
  if (path === '') throw new Error('Set ORDERS_LOG to the file that the activities write what they did to')
  return path
}

/** One write of one line: a process killed at any moment leaves whole lines. */
export function appendEffect(effect: Omit<Effect, 'key' | 'worker' | 'at'>): void {
  const { orderId, kind, attempt } = effect
  const worker = process.env['ORDERS_WORKER'] ?? basename(process.argv[1] ?? 'node')
  const line: Effect = { key: `${orderId}/${kind}/${attempt}`, ...effect, worker, at: Date.now() }
  appendFileSync(effectLogPath(), `${JSON.stringify(line)}\n`)
}

/** A last line without its end is still being written: a reader may see a write that crosses a page half done. */
export function readEffects(path: string): Effect[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Effect)
}
