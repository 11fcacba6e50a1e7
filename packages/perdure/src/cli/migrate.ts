/** `perdure migrate`: makes the database, or brings its schema up to date. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { databaseOf, withEngine } from './connection.ts'
import { type GlobalOptions, runs } from './options.ts'
import { print } from './output.ts'

export function addMigrateCommand(program: Command): void {
  const migrate = program.command('migrate').description('create the database, or bring its schema up to date; safe beside running workers')
  runs<GlobalOptions>(migrate, async (options) => {
    const { name, isFile } = databaseOf(options)
    const isNew = isFile && !existsSync(resolve(name))
    await withEngine(options, { worker: false }, async (engine) => {
      const { server_url: location, store } = await engine.health()
      print(options.output, {
        value: { database: location, store, created: isNew },
        text: () => (isNew ? `Created ${location}` : `The schema of ${location} is up to date`),
      })
    })
  })
}
