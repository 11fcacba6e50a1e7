/** Node's notes on its own features are not for users of a program; all other warnings are shown as ever. */
export function quietExperiments(): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    const { code } = warning as { code?: string }
    if (warning.name === 'ExperimentalWarning' || code === 'MODULE_TYPELESS_PACKAGE_JSON') return
    process.stderr.write(`${warning.name}: ${warning.message}\n`)
  })
}
