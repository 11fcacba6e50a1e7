import { crashPointsSuite } from './crash-points-suite.ts'

crashPointsSuite('postgres', {
  n: 180, atOnce: 4,
  seen: [
    { scenario: 'messages', statement: 'post_v2', fault: 'dropped', says: /acknowledged signals of \w+ are lost/ },
    { scenario: 'messages', statement: 'post_v2', fault: 'doubled', says: /arrived twice/ },
    { scenario: 'steps', statement: 'commit_v1', fault: 'dropped', says: /is there 0 times/ },
  ],
})
