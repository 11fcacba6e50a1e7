/** Replacing a function of a built-in so that nobody notices: same name, length, other members and attributes. */

/** Gives `replacement` everything that `original` has beside its code. */
export function withMembersOf<T extends (...args: never[]) => unknown>(original: T, replacement: T): T {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (key !== 'prototype') Object.defineProperty(replacement, key, descriptor)
  }
  for (const key of Object.getOwnPropertySymbols(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key)
    if (descriptor !== undefined) Object.defineProperty(replacement, key, { ...descriptor, configurable: true })
  }
  return replacement
}

/** Sets a member, keeping whether it is enumerable and writable. Members that are missing or fixed are left alone. */
export function replaceMember(owner: object, name: string, value: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)
  if (descriptor === undefined || descriptor.configurable !== true) return
  Object.defineProperty(owner, name, { value, enumerable: descriptor.enumerable ?? false, configurable: true, writable: true })
}
