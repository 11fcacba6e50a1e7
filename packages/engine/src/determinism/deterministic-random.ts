/**
 * Random numbers and clocks that repeat on replay. Inside workflows they are predictable from the run id: fit for ids and
 * jitter, never for secrets. That is why the byte generators of node:crypto are refused there (forbidden-apis.ts).
 */
import nodeCrypto from 'node:crypto'
import { currentRandom } from '@perdure/workflow/host'
import { replaceMember, withMembersOf } from './replaced-member.ts'
import { currentHost } from './workflow-context.ts'

export function patchRandom(): void {
  const { random } = Math
  replaceMember(Math, 'random', withMembersOf(random, () => {
    const host = currentHost()
    return host === undefined ? random() : currentRandom(host).random()
  }))
  // The object behind the global `crypto`, and the module of the same name.
  for (const owner of [Object.getPrototypeOf(globalThis.crypto) as typeof globalThis.crypto, nodeCrypto]) {
    replaceMember(owner, 'randomUUID', deterministicUuid(owner.randomUUID as Uuid))
    replaceMember(owner, 'getRandomValues', deterministicValues(owner.getRandomValues as Values))
  }
}

type Uuid = (this: unknown, options?: unknown) => string
type Values = (this: unknown, array: NodeJS.TypedArray) => NodeJS.TypedArray

function deterministicUuid(builtIn: Uuid): Uuid {
  return withMembersOf(builtIn, function (this: unknown, options) {
    const host = currentHost()
    return host === undefined ? builtIn.call(this, options) : currentRandom(host).uuid4()
  })
}

function deterministicValues(builtIn: Values): Values {
  return withMembersOf(builtIn, function (this: unknown, array) {
    const host = currentHost()
    if (host === undefined) return builtIn.call(this, array)
    // The built-in refuses what is no array of integers, and more than 65,536 bytes.
    builtIn.call(this, array)
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    const drawn = currentRandom(host)
    for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(drawn.random() * 256)
    return array
  })
}

/** Inside workflows: milliseconds since the execution started. */
export function patchPerformance(): void {
  const prototype = Object.getPrototypeOf(globalThis.performance) as typeof globalThis.performance
  const { now } = prototype
  replaceMember(prototype, 'now', withMembersOf(now, function (this: unknown) {
    const host = currentHost()
    return host === undefined ? now.call(this) : host.now() - host.info().startTime.getTime()
  }))
}
