/** Opens the database file given as a user without rights, and tells its parent what came of it. */
import { Engine, PerdureError } from 'perdure'

const [, , database] = process.argv
if (database === undefined) throw new Error('usage: opening-process.ts <database>')
if (process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
try {
  const engine = await Engine.open({ database })
  await engine.stop()
  tell({ code: 'opened', message: '' })
} catch (error) {
  if (!(error instanceof PerdureError)) throw error
  tell({ code: error.code, message: error.message })
}

function tell(told: { readonly code: string; readonly message: string }): void {
  process.send?.(told, undefined, undefined, () => process.disconnect())
}
