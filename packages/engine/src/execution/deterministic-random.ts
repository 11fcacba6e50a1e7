/** Random numbers that depend on nothing but a seed text: sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a. */
export interface DeterministicRandom {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number
  uuid4(): string
}

export function createRandom(seed: string): DeterministicRandom {
  let a = hash(seed, 0x811c9dc5)
  let b = hash(seed, 0x9e3779b9)
  let c = hash(seed, 0x85ebca6b)
  let counter = 1
  const nextInteger = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) nextInteger()
  return {
    next: () => nextInteger() / 0x1_0000_0000,
    uuid4: () => {
      const hex = [nextInteger(), nextInteger(), nextInteger(), nextInteger()].map((word) => word.toString(16).padStart(8, '0')).join('')
      const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
  }
}

function hash(text: string, start: number): number {
  let value = start
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value | 0
}
