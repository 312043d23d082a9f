import { assert, describe, it } from "@effect/vitest"
import * as Chunking from "@llm-layers/testing/Chunking"

const texts = (body: string, chunking: Chunking.Chunking) =>
  // One character is one byte, so that what is not UTF-8 shows, too.
  Chunking.split(body, chunking).map((piece) => new TextDecoder("latin1").decode(piece))

describe("Chunking", () => {
  it("every: pieces of one size", () => {
    assert.deepStrictEqual(texts("abcde", Chunking.every(1)), ["a", "b", "c", "d", "e"])
    assert.deepStrictEqual(texts("abcde", Chunking.every(2)), ["ab", "cd", "e"])
    assert.deepStrictEqual(texts("abcde", Chunking.every(9)), ["abcde"])
    assert.deepStrictEqual(texts("abcde", Chunking.every(0)), ["a", "b", "c", "d", "e"])
    assert.deepStrictEqual(texts("", Chunking.every(1)), [])
  })

  it("at: in any order, passing over what lies outside", () => {
    assert.deepStrictEqual(texts("abcde", Chunking.at(3, 1, 3, 0, -1, 5, 7)), ["a", "bc", "de"])
  })

  it("random: the same for the same seed, and all of it", () => {
    const body = "0123456789".repeat(50)
    const pieces = texts(body, Chunking.random("seed", 7))
    assert.deepStrictEqual(texts(body, Chunking.random("seed", 7)), pieces)
    assert.notDeepEqual(texts(body, Chunking.random("other", 7)), pieces)
    assert.strictEqual(pieces.join(""), body)
    const sizes = new Set(pieces.slice(0, -1).map((piece) => piece.length))
    assert.deepStrictEqual([...sizes].toSorted((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7])
  })

  it("events and lines: whatever the line end", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const [one, two] = [`event: a${end}data: 1${end}${end}`, `data: 2${end}${end}`]
      assert.deepStrictEqual(texts(one + two, Chunking.events), [one, two])
      assert.deepStrictEqual(texts(one, Chunking.lines), [`event: a${end}`, `data: 1${end}`, end])
    }
  })

  it("insideCharacters: after each byte of a character but the last", () => {
    assert.deepStrictEqual(texts("aé🙂b", Chunking.insideCharacters), [
      "a\u00C3",
      "\u00A9\u00F0",
      "\u0178",
      "\u2122",
      "\u201Ab"
    ])
  })

  it("insideLineEnds: between the two characters", () => {
    assert.deepStrictEqual(texts("a\r\nb\nc\r\n", Chunking.insideLineEnds), ["a\r", "\nb\nc\r", "\n"])
  })
})
