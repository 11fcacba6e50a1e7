/** The options that a program was called with. Where one is mistyped it is told with the usage, and the program ends. */
export function commandOptions<T>(usage: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (process.argv.includes('--help')) {
      console.log(usage)
      process.exit(0)
    }
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(1)
  }
}

/** @throws Error that names the option, for `commandOptions` to tell */
export function wholeNumber(option: string, given: string, least = 1): number {
  const number = Number(given)
  if (/^\d+$/.test(given) && Number.isSafeInteger(number) && number >= least) return number
  throw new Error(`--${option} ${given}: give a whole number from ${least} on`)
}
