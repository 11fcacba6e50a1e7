/** What others do to a database while it is recorded. */
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

export interface Interference {
  /** The database takes no event with this text in it, until what comes back is called. */
  refuse(text: string): Promise<() => Promise<void>>
  /** A transaction of somebody else shares the row of an execution, as that of a sender does. */
  share(workflowId: string): Promise<() => Promise<void>>
}

export function ofSqlite(file: string): Interference {
  return {
    async refuse(text) {
      const database = new DatabaseSync(file, { timeout: 5_000 })
      database.exec(`create trigger refusing before insert on history when instr(new.data, '${text}') > 0
        begin select raise(abort, '${text}'); end`)
      return async () => {
        // Nothing of the machine is to be in the file.
        database.exec(`drop trigger refusing; update executions set held_reason = replace(held_reason, '${file}', 'live.db')`)
        database.close()
      }
    },
    // One writer at a time: there is nothing to share.
    share: async () => async () => undefined,
  }
}

export function ofPostgres(connectionString: string): Interference {
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString })
    await client.connect()
    return client
  }
  return {
    async refuse(text) {
      const client = await connect()
      await client.query(`create function refuse() returns trigger language plpgsql as $$
        begin raise check_violation using message = '${text}'; end $$;
        create trigger refusing before insert on perdure.history for each row when (strpos(new.data, '${text}') > 0)
          execute function refuse()`)
      return async () => {
        await client.query(`drop trigger refusing on perdure.history; drop function refuse();
          update perdure.executions set held_reason = regexp_replace(held_reason, 'PostgreSQL at [^ ]+', 'PostgreSQL at live')
            where held_code = 'commit_rejected'`)
        await client.end()
      }
    },
    async share(workflowId) {
      const client = await connect()
      await client.query('begin')
      const { rowCount } = await client.query('select from perdure.executions where workflow_id = $1 for key share', [workflowId])
      if (rowCount !== 1) throw new Error(`There is no execution ${workflowId} whose row could be shared`)
      return async () => {
        await client.query('rollback')
        await client.end()
      }
    },
  }
}
