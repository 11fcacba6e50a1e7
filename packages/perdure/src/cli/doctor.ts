/** `perdure doctor`: what stands in the way of running here, and what to do about it. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ConfigurationError } from '../config/configuration-error.ts'
import { ToldAlready } from './cli-error.ts'
import { databaseOf } from './connection.ts'
import type { Check } from './doctor-checks.ts'
import { withExamples } from './examples.ts'
import { givenOptions, type GivenOptions, type GlobalOptions, settled } from './options.ts'
import { type OutputFormat, print } from './output.ts'
import { statusLine } from './status-line.ts'
import { colours, printableLines, terminalColumns, wrapped } from './text.ts'

export function addDoctorCommand(program: Command): void {
  const doctor = program.command('doctor')
    .description('look at Node.js, configuration, database, workers and task queues, and say what to do; ends with 1 when something fails')
  withExamples(doctor, 'doctor', 'doctor -d postgres://app@db.example/app -o json')
  doctor.action(async (_own: unknown, self: Command) => {
    const given = givenOptions<GlobalOptions>(self)
    const checks: Check[] = []
    const status = statusLine(given.output)
    for await (const check of allChecks(given)) {
      checks.push(check)
      status.show(() => `${check.name} ...`)
    }
    status.clear()
    tell(given.output, checks)
  })
}

async function* allChecks(given: GivenOptions<GlobalOptions>): AsyncGenerator<Check> {
  const { nodeCheck, configurationCheck, databaseChecks, diskCheck, missingDatabase } = await import('./doctor-checks.ts')
  yield nodeCheck()
  const options = await settled(given).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return error
    throw error
  })
  if (options instanceof ConfigurationError) {
    yield { name: 'Configuration', status: 'failed', message: options.message, remedy: 'correct it; nothing else was looked at' }
    return
  }
  yield configurationCheck(options)
  if (options.configuration.settings.enabled === false) {
    const remedy = 'set it to true, or leave it out; PERDURE_ENABLED=true does it for one process'
    const where = options.configuration.sourceOf('enabled') ?? ''
    yield { name: 'Enabled', status: 'failed', message: `'enabled' is false in ${where}: every call fails`, remedy }
  }
  const { name, isFile } = databaseOf(options)
  if (isFile && !existsSync(resolve(name))) yield missingDatabase(options)
  else yield* databaseChecks(options)
  if (isFile) yield diskCheck(name)
}

function tell(output: OutputFormat, checks: readonly Check[]): void {
  const isWell = checks.every(({ status }) => status !== 'failed')
  print(output, { value: { ok: isWell, checks }, rows: checks, text: () => checksText(checks) })
  if (!isWell) throw new ToldAlready(1)
}

export function checksText(checks: readonly Check[], columns = terminalColumns()): string {
  const paint = colours()
  const words = { ok: paint.green('ok  '), warning: paint.yellow('warn'), failed: paint.red('FAIL') }
  const widest = Math.max(...checks.map(({ name }) => name.length))
  const begin = 'FAIL'.length + gap + widest + gap
  const room = columns === undefined ? undefined : columns - begin
  const below = (text: string) => printableLines(wrapped(text, room)).split('\n').join(`\n${' '.repeat(begin)}`)
  const lines = checks.map(({ name, status, message, remedy }) => [
    `${words[status]}  ${name.padEnd(widest)}  ${below(message)}`,
    ...(remedy === undefined || remedy === '' ? [] : [`${' '.repeat(begin)}${paint.cyan(below(`-> ${remedy}`))}`]),
  ].join('\n'))
  return lines.join('\n')
}
const gap = 2
