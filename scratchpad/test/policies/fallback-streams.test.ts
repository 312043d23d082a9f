/** Streams of vendors that break, under a fallback: before a word another vendor answers, after it nobody does. */
import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Fallback } from "@llm-layers/policies"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted, Stream } from "effect"
import { LanguageModel, type Response } from "effect/ai"
import type { Wire } from "../../src/faults/Wire.ts"
import { wires } from "../../src/faults/wires/index.ts"

const apiKey = Redacted.make("key")

/** Those that need no token first, each with one that takes over. */
const plain = wires.filter(({ tokens }) => tokens === undefined)
const pairs = plain.map((first, index) => [first.name, first, plain[(index + 1) % plain.length] ?? first] as const)

const body = (pieces: ReadonlyArray<string>) => ({ headers: { "content-type": "text/event-stream" }, body: pieces })

const whole = (wire: Wire, ...deltas: ReadonlyArray<string>): LoopbackServer.Answer => {
  const { before, terminal } = wire.stream({ deltas })
  return body([...before, ...terminal])
}

/** The events up to the first text: without it, or with it. */
const broken = (wire: Wire, upTo: "before" | "after", end: "complete" | "cut"): LoopbackServer.Answer => {
  const { before } = wire.stream({ deltas: ["First ", "never."] })
  const at = before.findIndex((piece) => piece.includes("First "))
  return { ...body(before.slice(0, upTo === "before" ? at : at + 1)), end }
}

/** A call to the two, of whom the first answers so. */
const asked = (first: Wire, second: Wire, answer: LoopbackServer.Answer) =>
  Effect.gen(function*() {
    const servers = [
      yield* LoopbackServer.make([answer]),
      yield* LoopbackServer.make([whole(second, "Second ", "answer.")])
    ] as const
    const models = Fallback.layer([
      first.layer(first.model, { apiKey, baseUrl: servers[0].url }),
      second.layer(second.model, { apiKey, baseUrl: servers[1].url })
    ])
    const parts: Array<Response.AnyPart> = []
    const result = yield* LanguageModel.streamText({ prompt: "Hello" }).pipe(
      Stream.runForEach((part) => Effect.sync(() => parts.push(part))),
      Effect.result,
      Effect.provide(models)
    )
    for (const server of servers) yield* server.closed
    return {
      text: parts.map((part) => part.type === "text-delta" ? part.delta : "").join(""),
      answered: Fallback.answeredBy(parts),
      error: result._tag === "Failure" ? result.failure : undefined,
      requests: [(yield* servers[0].requests).length, (yield* servers[1].requests).length]
    }
  })

describe.each(pairs)("%s", (_, first, second) => {
  it.effect("that breaks before a word: the next answers, and says who failed", () =>
    Effect.gen(function*() {
      for (const end of ["complete", "cut"] as const) {
        const { answered, error, requests, text } = yield* asked(first, second, broken(first, "before", end))
        assert.deepStrictEqual([text, error, requests], ["Second answer.", undefined, [1, 1]])
        assert.deepStrictEqual(answered?.failed.map(({ member }) => member), [0])
      }
    }))

  it.effect("that breaks after a word: nobody else is asked, and the error has what was said", () =>
    Effect.gen(function*() {
      for (const end of ["complete", "cut"] as const) {
        const { error, requests, text } = yield* asked(first, second, broken(first, "after", end))
        assert.deepStrictEqual([text, requests], ["First ", [1, 0]])
        assert.strictEqual(error && ProviderError.kindOf(error), "StreamInterrupted")
        const partial = error && ProviderError.partial(error)?.parts
        assert.deepStrictEqual(partial?.flatMap((part) => part.type === "text" ? [part.text] : []), ["First "])
        assert.deepStrictEqual(error && Fallback.failures(error), [])
      }
    }))
})
