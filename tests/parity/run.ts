/** `npm run parity -- --page` writes docs/temporal-parity.md; without it, says what differs. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { catalogue } from './exports/catalogue.ts'
import { pageOf, pagePath } from './exports/page.ts'

const { values } = parseArgs({ options: { page: { type: 'boolean', default: false } } })
const entries = catalogue()
if (values.page) {
  writeFileSync(pagePath, pageOf(entries))
} else {
  for (const { package: of, name, place, agreement, how, reason, problems } of entries) {
    if (agreement === 'same') continue
    const differs = how ?? `${agreement}, undeclared:\n${problems.join('\n')}`
    console.log(`${of}.${name}: ${place === undefined ? `not supported: ${reason}` : differs}`)
  }
}
