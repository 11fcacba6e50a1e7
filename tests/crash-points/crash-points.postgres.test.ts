import { postStatement } from '../../packages/postgres/src/statements/post.ts'
import { crashPointsSuite } from './crash-points-suite.ts'

crashPointsSuite('postgres', {
  n: 180, atOnce: 4,
  seen: [
    { scenario: 'messages', statement: postStatement.name, fault: 'dropped', says: /acknowledged signals of \w+ are lost/ },
    { scenario: 'messages', statement: postStatement.name, fault: 'doubled', says: /arrived twice/ },
    { scenario: 'steps', statement: 'commit_v1', fault: 'dropped', says: /is there 0 times/ },
  ],
})
