/** `Date` whose "now" is workflow time inside workflows. Prototype, instances and subclasses stay those of the built-in. */
import { currentHost } from './workflow-context.ts'

type DateArguments = ConstructorParameters<DateConstructor>

export function deterministicDate(builtIn: DateConstructor): DateConstructor {
  const builtInNow = builtIn.now
  const now = (): number => {
    const host = currentHost()
    return host === undefined ? builtInNow() : host.now()
  }

  // A function and not a Proxy: property look-ups such as Date.now stay as fast as they were.
  function Date(this: unknown, ...args: DateArguments): Date | string {
    if (new.target === undefined) {
      const host = currentHost()
      return host === undefined ? builtIn() : new builtIn(host.now()).toString()
    }
    const given = args.length > 0 ? args : argumentsNow()
    if (new.target === (Date as unknown)) return given.length === 1 ? new builtIn(given[0]) : new builtIn(...given)
    return Reflect.construct(builtIn, given, new.target) as Date
  }

  Object.defineProperties(Date, {
    ...Object.getOwnPropertyDescriptors(builtIn),
    now: { value: now, writable: true, enumerable: false, configurable: true },
    prototype: { value: builtIn.prototype, writable: false, enumerable: false, configurable: false },
  })
  Object.defineProperty(now, 'name', { value: 'now' })
  // Code that kept the built-in, or reaches it through an instance, gets workflow time too.
  Object.defineProperty(builtIn, 'now', { value: now, writable: true, enumerable: false, configurable: true })
  Object.defineProperty(builtIn.prototype, 'constructor', { value: Date, writable: true, enumerable: false, configurable: true })
  return Date as unknown as DateConstructor
}

function argumentsNow(): DateArguments {
  const host = currentHost()
  return (host === undefined ? [] : [host.now()]) as unknown as DateArguments
}
