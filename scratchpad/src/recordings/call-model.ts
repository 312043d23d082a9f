import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as Tool from "effect/ai/Tool"
import type * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Expectation } from "./expectation/Expectation.ts"
import { type JsonObject, parseJson } from "./json.ts"
import { type Observation, observeError, observeParts } from "./observe.ts"
import type { Call, EmbeddingCall } from "./request/Call.ts"
import { objectSchema } from "./request/object-schema.ts"

type Tools = Record<string, Tool.Any>

/** A toolkit whose tools must not run: resolution of tool calls is off in every call made here. */
const toolkitOf = (tools: ReadonlyArray<Tool.Any>): Toolkit.WithHandler<Tools> => ({
  tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])),
  handle: (name) => Effect.die(new Error(`the tool ${name} was run`))
})

/**
 * The schema for `generateObject`, which is called where the recorded text is an object. In all other cases (a refusal, an
 * answer that calls a tool, a stream) the text itself is compared: `generateObject` gives no parts back without an object.
 */
const schemaOf = (call: Call, expected: Expectation): Schema.Codec<JsonObject> | undefined => {
  if (call.schema === undefined || call.stream || expected.kind !== "answer") return undefined
  const said = parseJson(expected.text)
  return typeof said === "object" && said !== null && !Array.isArray(said)
    ? objectSchema(call.schema.schema)
    : undefined
}

/** Makes the call and says what a caller got: an answer or a typed error. Anything else is a defect. */
export const callModel = (
  call: Call,
  expected: Expectation
): Effect.Effect<Observation, never, LanguageModel.LanguageModel> => {
  const options = {
    prompt: call.prompt,
    disableToolCallResolution: true,
    toolkit: toolkitOf(call.tools),
    toolChoice: call.toolChoice
  }
  const schema = schemaOf(call, expected)
  const text = Effect.map(
    Effect.suspend(() => LanguageModel.generateText(options)),
    (response) => observeParts(asParts(response.content))
  )
  if (call.stream) {
    return observed(
      Effect.map(Stream.runCollect(LanguageModel.streamText(options)), (parts) => observeParts(asParts(parts)))
    )
  }
  if (schema === undefined) return observed(text)
  return observed(
    LanguageModel.generateObject({ ...options, schema, objectName: call.schema?.name ?? "answer" }).pipe(
      Effect.map((response) => observeParts(asParts(response.content), response.value)),
      // A schema the provider cannot send is refused before the network; the answer can be had as text.
      Effect.catchReason("AiError", "UnsupportedSchemaError", () => text)
    )
  )
}

/** The type of a part depends on the toolkit, which is not known here but for its names. */
const asParts = (parts: ReadonlyArray<unknown>): ReadonlyArray<Response.AnyPart> =>
  parts as ReadonlyArray<Response.AnyPart>

const observed = <R>(effect: Effect.Effect<Observation, AiError.AiError, R>): Effect.Effect<Observation, never, R> =>
  Effect.catch(effect, (error) => Effect.succeed<Observation>(observeError(error)))

/** The same for embeddings. */
export const callEmbeddings = (
  call: EmbeddingCall
): Effect.Effect<Observation, never, EmbeddingModel.EmbeddingModel> =>
  observed(
    Effect.gen(function*() {
      const model = yield* EmbeddingModel.EmbeddingModel
      const response = yield* model.embedMany(call.inputs)
      return {
        kind: "embeddings",
        vectors: response.embeddings.map((embedding) => embedding.vector),
        inputTokens: response.usage.inputTokens
      } satisfies Observation
    })
  )
