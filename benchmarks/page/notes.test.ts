import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notesOf, notesPlace } from './notes.ts'

test('what was written is found again in the page that is made from it', () => {
  const empty = notesPlace(new Map(), 'S1')
  const written = empty.replace('\n\n', '\n\nA commit costs 0.4 ms.\n\n- One thing.\n\n')
  const page = `# Page\n${written}\n## More\n${notesPlace(new Map(), 'S2')}\n`
  const notes = notesOf(page)
  assert.match(notes.get('S1') ?? '', /A commit costs 0\.4 ms\.\n\n- One thing\./)
  assert.equal(notesPlace(notes, 'S1'), written)
  assert.equal(notes.get('S2'), '\n')
})
