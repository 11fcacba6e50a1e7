/** What the numbers depend on, as far as it can be seen from here. */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { cpus, platform, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { EngineName } from './engine-adapter.ts'
import { versionsOf } from './availability.ts'
import { median } from './statistics.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly sqlite: string
  /** Of the packages of the engines that take part. */
  readonly versions: Readonly<Record<string, string>>
  readonly postgres: (Server & { readonly started: boolean }) | null
  /** The folder of temporary files lies in memory: what is written there never reaches a disk. */
  readonly temporaryInMemory: boolean
  /** A write of 8 KiB to a file there and its fsync, median. Absent in results of before it was measured. */
  readonly durableWriteMs?: number
  readonly at: string
}

interface Server {
  readonly version: string
  readonly fsync: string
  readonly synchronousCommit: string
}

/** `started`: the benchmark started the server itself. */
export async function describeMachine(
  postgres: { readonly connectionString: string; readonly started: boolean } | null, engines: readonly EngineName[],
): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${platform()} ${release()}`,
    node: process.version,
    sqlite: sqliteVersion(),
    versions: versionsOf(engines),
    postgres: postgres === null ? null : { ...(await describeServer(postgres.connectionString)), started: postgres.started },
    temporaryInMemory: isInMemory(tmpdir()),
    durableWriteMs: durableWriteMs(tmpdir()),
    at: new Date().toISOString(),
  }
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('select sqlite_version() as version').get()?.['version'])
  } finally {
    database.close()
  }
}

async function describeServer(connectionString: string): Promise<Server> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const setting = async (name: string) => {
      const found = await client.query<{ value: string }>('select current_setting($1) as value', [name])
      return found.rows[0]?.value ?? ''
    }
    return {
      version: await setting('server_version'),
      fsync: await setting('fsync'),
      synchronousCommit: await setting('synchronous_commit'),
    }
  } finally {
    await client.end()
  }
}

const writes = 21

function durableWriteMs(parent: string): number {
  const folder = mkdtempSync(join(parent, 'perdure-disk-'))
  const file = openSync(join(folder, 'file'), 'w')
  try {
    const times = Array.from({ length: writes }, () => {
      const from = performance.now()
      writeSync(file, Buffer.alloc(8_192, 'x'))
      fsyncSync(file)
      return performance.now() - from
    })
    return Number(median(times).toFixed(3))
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

const tmpfs = 0x01021994

function isInMemory(folder: string): boolean {
  return platform() === 'linux' && statfsSync(folder).type === tmpfs
}
