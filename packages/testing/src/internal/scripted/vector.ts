/** Vectors from texts, and what is wrong with one. */
import { createHash } from "node:crypto"

/** A list of finite numbers. */
export type Vector = ReadonlyArray<number>

/**
 * The vector of a text: of length one, the same for the same text in every process, and as good as at right angles to
 * that of any other text.
 */
export const fromText = (text: string, dimensions: number): Vector => {
  const bytes = createHash("shake256", { outputLength: dimensions * 4 }).update(text).digest()
  const numbers = Array.from({ length: dimensions }, (_, at) => bytes.readInt32LE(at * 4))
  const length = Math.hypot(...numbers)
  return numbers.map((number) => number / length)
}

/** What is wrong with the vectors that a script has for the inputs, if anything is. */
export const faultOf = (vectors: ReadonlyArray<Vector>, dimensions: number | undefined): string | undefined => {
  for (const [index, vector] of vectors.entries()) {
    if (vector.length === 0 || !vector.every(Number.isFinite)) {
      return `The vector of input ${index} is not a list of finite numbers`
    }
    if (dimensions !== undefined && vector.length !== dimensions) {
      return `The vector of input ${index} has ${vector.length} numbers, and the model ${dimensions} dimensions`
    }
  }
  return undefined
}
