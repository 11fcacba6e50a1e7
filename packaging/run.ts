/** Packs every package into a folder: `npm run pack`, or `npm run pack -- <folder>`. */
import { relative } from 'node:path'
import { packAll } from './tarballs.ts'

const [folder = '.packages'] = process.argv.slice(2)
const started = performance.now()
const tarballs = packAll(folder)
for (const { path, bytes, unpackedBytes, files } of tarballs) {
  const sizes = `${kilobytes(bytes)} kB, unpacked ${kilobytes(unpackedBytes)} kB in ${files} files`
  console.log(`${relative('', path).padEnd(40)} ${sizes}`)
}
const total = tarballs.reduce((sum, { bytes }) => sum + bytes, 0)
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${tarballs.length} packages, ${kilobytes(total)} kB, in ${seconds} s. In your project:`)
console.log(`npm install ${relative('', folder) || '.'}/*.tgz`)

function kilobytes(bytes: number): string {
  return Math.round(bytes / 1000).toString()
}
