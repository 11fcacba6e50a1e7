import { crashPointsSuite } from './crash-points-suite.ts'

crashPointsSuite('sqlite', {
  n: 1_400, atOnce: 2,
  seen: [
    { scenario: 'messages', statement: 'insertMessage', fault: 'dropped', says: /acknowledged signals of \w+ are lost/ },
    { scenario: 'steps', statement: 'appendEvent', fault: 'dropped', says: /is not in its history|has gaps|go up/ },
    { scenario: 'messages', statement: 'insertMessage', fault: 'doubled', says: /arrived twice/ },
  ],
})
