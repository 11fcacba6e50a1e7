/**
 * Where the code asked for patches and updates began, among its other commands: Temporal writes them in that order, while our
 * histories have them in front of the activation. Pure.
 */
import type { Command } from '../execution/command.ts'
import type { AcceptedUpdate } from '../execution/live-execution-parts.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { cancelledLocalActivity, type MarkLocalActivity } from './local-activity-markers.ts'
import { type Attributes, given } from './temporal-event.ts'
import { ownResult, type TemporalPayloads, temporalValue } from './temporal-payload.ts'

export interface MarkPatch {
  readonly type: 'MarkPatch'
  readonly patchId: string
  readonly deprecated: boolean
}

/** An update that was accepted, and whose handler was called then. */
export interface AcceptUpdate {
  readonly type: 'AcceptUpdate'
  readonly update: AcceptedUpdate
}

/** What stands among the commands, and is none. */
export type Mark = MarkPatch | AcceptUpdate | MarkLocalActivity

interface Asked {
  readonly mark: Mark
  /** Commands that were issued before. */
  readonly before: readonly Command[]
}

export class PatchMarkers {
  readonly #known = new Set<string>()
  #asked: Asked[] = []

  /** The code took a patch. */
  ask(patchId: string, deprecated: boolean, issued: readonly Command[]): void {
    if (this.#known.has(patchId)) return
    this.#known.add(patchId)
    this.#asked.push({ mark: { type: 'MarkPatch', patchId, deprecated }, before: [...issued] })
  }

  accept(update: AcceptedUpdate, issued: readonly Command[]): void {
    this.#asked.push({ mark: { type: 'AcceptUpdate', update }, before: [...issued] })
  }

  /** A local activity that was taken back. */
  withdraw(called: Command, issued: readonly Command[]): void {
    if (called.type !== 'ScheduleActivity' || called.options.local !== true) return
    this.#asked.push({ mark: cancelledLocalActivity(called), before: [...issued] })
  }

  /** The commands of the activation that is over, with patches, updates and what was taken back among them. */
  among(commands: readonly Command[]): readonly (Command | Mark)[] {
    const asked = this.#asked
    if (asked.length === 0) return commands
    this.#asked = []
    const merged: (Command | Mark)[] = []
    let next = 0
    for (const { mark, before: issued } of asked) {
      const before = new Set<Command>(issued)
      while (next < commands.length && before.has(commands[next] as Command)) merged.push(commands[next++] as Command)
      merged.push(mark)
    }
    return [...merged, ...commands.slice(next)]
  }
}

export const patchMarkerName = 'core_patch'
const detailName = 'patch-data'

export function patchMarkerAttributes({ patchId, deprecated }: MarkPatch): Attributes {
  return given({ markerName: patchMarkerName, details: { [detailName]: { payloads: [temporalValue({ id: patchId, deprecated })] } } })
}

/** Undefined: the marker is of something else. */
export function patchOf(attributes: Attributes): { readonly patchId: string; readonly deprecated: boolean } | undefined {
  if (attributes['markerName'] !== patchMarkerName) return undefined
  const details = attributes['details'] as Readonly<Record<string, TemporalPayloads>> | undefined
  const { id, deprecated } = decodePayload(ownResult(details?.[detailName], 'marker of a patch')) as {
    readonly id?: string
    readonly deprecated?: boolean
  }
  return { patchId: id ?? '', deprecated: deprecated === true }
}
