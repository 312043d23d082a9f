/** An embedding model whose vectors are kept, one a text. */
import * as Embedding from "@llm-layers/core/Embedding"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { digestOf } from "./canonical.ts"
import * as Entry from "./entry.ts"
import { format } from "./requestKey.ts"
import { CurrentMode } from "./responses.ts"
import type { Opened } from "./settings.ts"
import { Down } from "./store.ts"

type Vector = Array<number>

export const cached = (
  model: EmbeddingModel.EmbeddingModel,
  { isClosed, store, timeToLive }: Opened
): Effect.Effect<EmbeddingModel.EmbeddingModel> => {
  const identityOf = Embedding.identityOf(model)
  if (identityOf === undefined) return Effect.succeed(model)
  const settingsOf = (context: Context.Context<never>) => digestOf([format, identityOf(context)])

  /** The vectors that the store has. `false` where there is no use in keeping any. */
  const find = (
    keys: ReadonlyArray<string>
  ): Effect.Effect<ReadonlyArray<Vector | undefined> | false, AiError.AiError> =>
    Arr.isReadonlyArrayNonEmpty(keys)
      ? Effect.flatMap(
        Effect.zip(store.getMany([...keys]), Clock.currentTimeMillis),
        ([values, now]): ReturnType<typeof find> => {
          if (values instanceof Down) return isClosed ? Effect.fail(failure(values)) : Effect.succeed(false)
          return Effect.succeed(keys.map((key, at) => decode(key, values[at], now, timeToLive)))
        }
      )
      : Effect.succeed([])

  const keep = (entries: ReadonlyArray<readonly [key: string, vector: ReadonlyArray<number>]>) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const [first, ...others] = entries.map(([key, vector]) => [key, encode(key, vector, now)] as const)
      return first === undefined ? Effect.void : store.setMany([first, ...others])
    })

  return EmbeddingModel.make({
    // Texts of calls with other settings go in a request of their own.
    batchKey: (context) => settingsOf(context),
    embedMany: ({ inputs }) =>
      Effect.withFiber((fiber) => {
        const settings = settingsOf(fiber.context)
        const mode = fiber.getRef(CurrentMode)
        return settings === undefined || mode === "bypass"
          ? Effect.map(model.embedMany(inputs), answerOf)
          : Effect.gen(function*() {
            const distinct = [...new Set(inputs)]
            const keys = distinct.map((text) => digestOf([settings, text]) ?? "")
            const found = mode === "refresh" ? [] : yield* find(keys)
            const kept = distinct.map((_, at) => found === false ? undefined : found[at])
            const missing = distinct.filter((_, at) => kept[at] === undefined)
            const asked = missing.length === 0 ? nothing : answerOf(yield* model.embedMany(missing))
            const vectors = new Map<string, Vector>()
            const fresh: Array<readonly [key: string, vector: Vector]> = []
            for (const [at, text] of distinct.entries()) {
              const vector = kept[at] ?? asked.results[fresh.length] ?? []
              vectors.set(text, vector)
              if (kept[at] === undefined) fresh.push([keys[at] ?? "", vector])
            }
            if (found !== false) yield* keep(fresh)
            return { results: inputs.map((text) => vectors.get(text) ?? []), usage: asked.usage }
          })
      })
  })
}

/** Nothing was asked for, and nothing is to be paid. */
const nothing: EmbeddingModel.ProviderResponse = { results: [], usage: { inputTokens: 0 } }

const answerOf = (response: EmbeddingModel.EmbedManyResponse): EmbeddingModel.ProviderResponse => ({
  results: response.embeddings.map(({ vector }) => [...vector]),
  usage: { inputTokens: response.usage.inputTokens }
})

/** Numbers as their eight bytes each, in base64: exact, and half as long as in decimals. */
const encode = (key: string, vector: ReadonlyArray<number>, at: number): object => ({
  format,
  key,
  at,
  vector: Buffer.from(Float64Array.from(vector).buffer).toString("base64")
})

const decode = (key: string, value: unknown, now: number, timeToLive: number): Vector | undefined => {
  const entry = Entry.open(key, value, now, timeToLive)
  const vector = entry !== undefined && "vector" in entry ? entry.vector : undefined
  if (typeof vector !== "string") return undefined
  const bytes = Buffer.from(vector, "base64")
  if (bytes.length === 0 || bytes.length % 8 !== 0) return undefined
  const numbers = Array.from({ length: bytes.length / 8 }, (_, at) => bytes.readDoubleLE(at * 8))
  return numbers.every(Number.isFinite) ? numbers : undefined
}

const failure = ({ cause, description }: Down): AiError.AiError =>
  ProviderError.make({ provider: "", module: "EmbeddingModel", method: "embedMany" }, "StoreFailed", {
    description: `The store of the cached embeddings failed: ${description}`,
    cause
  })
