/** Whether the memory of a process stays where it is after its warm-up, told from the course of what it had resident. */

type Course = readonly { readonly x: number; readonly y: number }[]

/** Last tenth over third tenth; the first two are warm-up: code is compiled, the parts of the heap reach their sizes. */
export const memoryGrowthMax = 1.05

/** Fewer samples would make a tenth of two or less. */
const samplesMin = 30

/** The mean of the last tenth over that of the third tenth. Undefined: too few samples to tell. */
export function memoryGrowth(course: Course): number | undefined {
  return course.length < samplesMin ? undefined : meanOfTenth(course, 9) / meanOfTenth(course, 2)
}

function meanOfTenth(course: Course, tenth: number): number {
  const edge = (index: number) => Math.round((index * course.length) / 10)
  const samples = course.slice(edge(tenth), edge(tenth + 1))
  return samples.reduce((sum, sample) => sum + sample.y, 0) / samples.length
}
