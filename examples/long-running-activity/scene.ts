/** The Mandelbrot set in shades of grey: the same bytes whoever draws them, and whenever. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Scene {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** The more, the finer, and the slower. */
  readonly iterations: number
}

export function readScene(): Scene {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'scene.json'), 'utf8')) as Scene
}

/** What a picture file begins with; the rows follow, one byte for each point. */
export function headerOf({ width, height }: Scene): Buffer {
  return Buffer.from(`P5\n${width} ${height}\n255\n`)
}

/** Rows from `first` on, up to `end`. */
export function drawRows({ width, height, left, right, top, bottom, iterations }: Scene, first: number, end: number): Buffer {
  const bytes = Buffer.alloc((end - first) * width)
  for (let index = 0; index < bytes.length; index++) {
    const x = left + (right - left) * (index % width) / width
    const y = top + (bottom - top) * (first + Math.floor(index / width)) / height
    const steps = stepsUntilGone(x, y, iterations)
    bytes[index] = 255 - Math.floor(255 * Math.log(steps + 1) / Math.log(iterations + 1))
  }
  return bytes
}

function stepsUntilGone(x: number, y: number, most: number): number {
  let [a, b, steps] = [0, 0, 0]
  while (a * a + b * b <= 4 && steps < most) {
    const next = a * a - b * b + x
    b = 2 * a * b + y
    a = next
    steps++
  }
  return steps
}
