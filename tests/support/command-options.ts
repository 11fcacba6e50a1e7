/** The options that a program was called with; where one is mistyped, what is wrong with it and the usage, and the program ends. */
export function commandOptions<T>(usage: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(1)
  }
}
