/** Where Absurd's schema lies: ABSURD_SQL names the file, or npm run bench:peers has put it into .bench/. */
import { join } from 'node:path'

export function absurdSchema(): string {
  return process.env['ABSURD_SQL'] || join(import.meta.dirname, '../.bench/absurd.sql')
}
