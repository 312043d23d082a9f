/** Vectors come in the order and number of their inputs, however many those are and however the vendor gives them. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import { isAiError } from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { EmbeddingHarness, Failure, SaidEmbedding } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { broken, holds, same } from "../broken.ts"
import * as Embedder from "../embedder.ts"
import { type Check, makeFor, type Options } from "../law.ts"
import * as Sockets from "../sockets.ts"
import * as Subject from "../subject.ts"
import * as Transport from "../transport.ts"
import { withUnknownMembers } from "../unknowns.ts"

export const embeddings = (harness: EmbeddingHarness, options: Options): ReadonlyArray<Law> => {
  const { limit } = harness
  const order = makeFor("order and count", options)
  const wrong = makeFor("wrong answers", options)
  const failure = makeFor("failures", options)
  const interruption = makeFor("interruption", options)
  const noIndex = harness.indexed ? undefined : "the answer does not say which input an embedding is of (indexed)"
  const counts = [["0", 0], ["1", 1], ["limit", limit], ["limit + 1", limit + 1], ["10 × limit", 10 * limit]] as const
  return [
    ...counts.map(([name, count]) => order(`${name} inputs`, counted(harness, count))),
    order("batches that are answered last first", reversed(harness)),
    order("an answer that is not in order", shuffled(harness), noIndex),
    order("the same input twice", twice(harness)),
    order("calls of embed at the same time each get their own", single(harness)),
    order("members nobody has heard of", unknown(harness)),
    wrong("one embedding too few fails typed", refused(harness, (all) => all.slice(1))),
    wrong(
      "one embedding too many fails typed",
      refused(harness, (all) => [...all, { index: all.length, vector: [1, 2, 3] }])
    ),
    wrong(
      "a place that is taken twice fails typed",
      refused(harness, (all) => all.map((one) => ({ ...one, index: 0 }))),
      noIndex
    ),
    wrong(
      "a number that is none fails typed",
      refused(harness, ([first, ...rest]) => [
        { index: 0, vector: [first?.vector[0] ?? 0, Number.NaN, 1] },
        ...rest
      ])
    ),
    wrong(
      "a vector without numbers fails typed",
      refused(harness, ([, ...rest]) => [{ index: 0, vector: [] }, ...rest])
    ),
    ...harness.failures.map((one) => failure(one.name, failing(harness, one))),
    failure("one of several requests fails the call", oneOf(harness)),
    interruption(
      "before the head of the answer",
      Sockets.close(
        "silence",
        (baseUrl) => Embedder.connect(harness, globalThis.fetch, baseUrl),
        Sockets.interrupted((model) => model.embedMany(["t1"]))
      )
    ),
    interruption(
      "in the middle of the body",
      Sockets.close(
        { body: ["{\"a\": "], end: "silence" },
        (baseUrl) => Embedder.connect(harness, globalThis.fetch, baseUrl),
        Sockets.interrupted((model) => model.embedMany(["t1"]))
      )
    )
  ]
}

/** Embeds, and demands the vectors of the inputs. */
const embeds = (embedder: Embedder.Embedder, inputs: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const came = yield* Embedder.embed(embedder, inputs)
    if (isAiError(came)) return yield* broken("embedMany", "no failure", came)
    yield* same("the vectors", inputs.map(Embedder.vectorOf), came.vectors)
    return came
  })

const counted = (harness: EmbeddingHarness, count: number): Check =>
  Effect.gen(function*() {
    const embedder = yield* Embedder.make(harness)
    const { tokens } = yield* embeds(embedder, Embedder.inputsOf(count))
    const sizes = embedder.transport.sent.map(({ body }) => harness.inputs(JSON.parse(body)).length)
    yield* holds(
      sizes.every((size) => size > 0 && size <= harness.limit),
      "requests",
      `1 to ${harness.limit} inputs each`,
      sizes
    )
    yield* same("inputs of all requests", count, sizes.reduce((all, size) => all + size, 0))
    yield* same("tokens of all requests", count === 0 ? undefined : count, tokens)
  })

const reversed = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    const embedder = yield* Embedder.make(harness)
    const { transport } = embedder
    const { reply } = transport
    const waiting: Array<() => void> = []
    // An answer waits until no more requests come, and then for those that were asked later.
    transport.reply = async (sent) => {
      const answer = await reply(sent)
      await new Promise<void>((resume) => {
        waiting.push(resume)
        const asked = waiting.length
        setTimeout(
          () => asked === waiting.length && waiting.toReversed().forEach((next, at) => setTimeout(next, 2 * at)),
          5
        )
      })
      return answer
    }
    yield* embeds(embedder, Embedder.inputsOf(2 * harness.limit + 1))
  })

const shuffled = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    const embedder = yield* Embedder.make(harness, (all) => [...all.slice(3), ...all.slice(0, 3)].toReversed())
    yield* embeds(embedder, Embedder.inputsOf(10))
  })

const twice = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    yield* embeds(yield* Embedder.make(harness), ["t7", "t1", "t7", "t7"])
  })

const single = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    const { model, transport } = yield* Embedder.make(harness)
    const inputs = Embedder.inputsOf(harness.limit + 1)
    const all = yield* Effect.forEach(inputs, (input) => model.embed(input), { concurrency: "unbounded" }).pipe(
      Effect.catch((error) => broken("embed", "no failure", error))
    )
    yield* same("the vectors", inputs.map(Embedder.vectorOf), all.map(({ vector }) => vector))
    const most = Math.max(...transport.sent.map(({ body }) => harness.inputs(JSON.parse(body)).length))
    yield* holds(most <= harness.limit, "requests", `at most ${harness.limit} inputs each`, most)
  })

const unknown = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    const embedder = yield* Embedder.make(harness)
    const { transport } = embedder
    const { reply } = transport
    transport.reply = async (sent) => Transport.json(withUnknownMembers(await (await reply(sent)).json(), new Set()))
    yield* embeds(embedder, Embedder.inputsOf(3))
  })

const refused = (
  harness: EmbeddingHarness,
  change: (embeddings: ReadonlyArray<SaidEmbedding>) => ReadonlyArray<SaidEmbedding>
): Check =>
  Effect.gen(function*() {
    const came = yield* Embedder.embed(yield* Embedder.make(harness, change), Embedder.inputsOf(4))
    if (!isAiError(came)) return yield* broken("embedMany", "a failure", came)
    const kind = ProviderError.kindOf(came)
    yield* holds(kind === "InvalidOutput" || kind === "InvalidResponse", "the kind", [
      "InvalidOutput",
      "InvalidResponse"
    ], kind)
  })

const failing = (harness: EmbeddingHarness, failure: Failure): Check =>
  Effect.gen(function*() {
    const embedder = yield* Embedder.make(harness)
    const body = { ...Object(failure.body), x_kit_key: `You sent ${Subject.secret}` }
    embedder.transport.reply = () => Transport.json(body, failure.status, failure.headers)
    const came = yield* Embedder.embed(embedder, ["t1"])
    if (!isAiError(came)) return yield* broken("embedMany", "a failure", came)
    yield* same("the kind", failure.kind, ProviderError.kindOf(came))
    const retryAfter = "retryAfter" in came.reason ? came.reason.retryAfter : undefined
    yield* same("retryAfter", failure.retryAfter, retryAfter === undefined ? undefined : Duration.toMillis(retryAfter))
    yield* same("the number of requests", 1, embedder.transport.sent.length)
    yield* Subject.noKey(came)
  })

const oneOf = (harness: EmbeddingHarness): Check =>
  Effect.gen(function*() {
    const [failure] = harness.failures
    const embedder = yield* Embedder.make(harness)
    const { transport } = embedder
    const { reply } = transport
    transport.reply = (sent) =>
      transport.sent.length === 2 ? Transport.json(failure.body, failure.status, failure.headers) : reply(sent)
    const came = yield* Embedder.embed(embedder, Embedder.inputsOf(2 * harness.limit + 1))
    if (!isAiError(came)) return yield* broken("embedMany", "a failure", "success")
    yield* same("the kind", failure.kind, ProviderError.kindOf(came))
  })
