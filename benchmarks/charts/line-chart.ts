/** A chart of lines as SVG: no script, no font of its own, legible on light and dark pages. */
import { type Axis, linearAxis, logarithmicAxis, shortNumber } from './axis.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Line {
  readonly name: string
  readonly points: readonly Point[]
}

export interface LineChart {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** Of the x axis. A linear one is for many points: they get no marks. */
  readonly scale: 'logarithmic' | 'linear'
  readonly lines: readonly Line[]
}

const width = 720
const height = 360
const area = { left: 72, right: 24, top: 56, bottom: 56 }
const colours = ['#2f6fde', '#e07b00', '#2e9e5b']

export function drawLineChart({ title, xLabel, yLabel, scale, lines }: LineChart): string {
  const all = lines.flatMap((line) => line.points)
  const xs = all.map((point) => point.x)
  const x = scale === 'logarithmic' ? logarithmicAxis(xs) : linearAxis(xs)
  const y = linearAxis(all.map((point) => point.y))
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" `
      + 'font-family="system-ui, sans-serif" font-size="12">',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(area.left, 22, title, 'font-size="15" font-weight="600" fill="#1b1f24"'),
    ...grid(x, y),
    text(width - area.right, height - 12, xLabel, 'text-anchor="end" fill="#59636e"'),
    text(area.left, 44, yLabel, 'fill="#59636e"'),
    ...lines.flatMap((line, index) => drawLine(line, { x, y, colour: colourOf(index), marks: scale === 'logarithmic', all })),
    ...lines.map((line, index) => {
      return text(width - area.right, 22 + 16 * index, line.name, `text-anchor="end" fill="${colourOf(index)}" font-weight="600"`)
    }),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function grid(x: Axis, y: Axis): string[] {
  const right = width - area.right
  const bottom = height - area.bottom
  return [
    ...y.ticks.flatMap((tick) => [
      `<line x1="${area.left}" x2="${right}" y1="${down(y.place(tick))}" y2="${down(y.place(tick))}" stroke="#d8dee4"/>`,
      text(area.left - 8, down(y.place(tick)) + 4, shortNumber(tick), 'text-anchor="end" fill="#59636e"'),
    ]),
    ...x.ticks.flatMap((tick) => [
      `<line x1="${across(x.place(tick))}" x2="${across(x.place(tick))}" y1="${bottom}" y2="${bottom + 5}" stroke="#8c959f"/>`,
      text(across(x.place(tick)), bottom + 20, shortNumber(tick), 'text-anchor="middle" fill="#59636e"'),
    ]),
  ]
}

interface Drawing {
  readonly x: Axis
  readonly y: Axis
  readonly colour: string
  readonly marks: boolean
  /** The points of all lines. */
  readonly all: readonly Point[]
}

function drawLine({ points }: Line, { x, y, colour, marks, all }: Drawing): string[] {
  const places = points.map((point) => ({ ...point, at: across(x.place(point.x)), height: down(y.place(point.y)) }))
  const path = places.map((place, index) => `${index === 0 ? 'M' : 'L'}${place.at} ${place.height}`).join(' ')
  return [
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...(marks ? places.flatMap((place) => [
      `<circle cx="${place.at}" cy="${place.height}" r="3.5" fill="${colour}"/>`,
      label(place, place.at, place.height + (isHighest(place, all) ? -9 : 17), colour),
    ]) : []),
  ]
}

function isHighest({ x, y }: Point, all: readonly Point[]): boolean {
  return all.every((other) => other.x !== x || other.y <= y)
}

/** At the left edge it stands beside the numbers of the axis, not on them. */
function label({ y }: Point, at: number, height: number, colour: string): string {
  const isAtAxis = at === area.left
  return text(isAtAxis ? at + 4 : at, height, shortNumber(y), `text-anchor="${isAtAxis ? 'start' : 'middle'}" fill="${colour}"`)
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? ''
}

function across(share: number): number {
  return Math.round((area.left + share * (width - area.left - area.right)) * 10) / 10
}

function down(share: number): number {
  return Math.round((height - area.bottom - share * (height - area.top - area.bottom)) * 10) / 10
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
