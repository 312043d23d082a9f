import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as Tool from "effect/ai/Tool"
import type * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import * as Stream from "effect/Stream"
import type { Expectation } from "./expectation/Expectation.ts"
import { type JsonObject, objectAt, parseJson } from "./json.ts"
import { type Observation, observeError, observeParts } from "./observe.ts"
import type { Call, EmbeddingCall } from "./request/Call.ts"

type Tools = Record<string, Tool.Any>

/** A toolkit whose tools must not run: resolution of tool calls is off in every call made here. */
const toolkitOf = (tools: ReadonlyArray<Tool.Any>): Toolkit.WithHandler<Tools> => ({
  tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])),
  handle: (name) => Effect.die(new Error(`the tool ${name} was run`))
})

/**
 * A schema for the recorded JSON schema, where `effect` can express it and the recorded text has that form; a structured
 * answer then comes out of `generateObject` as a value. In all other cases (a refusal, an answer that calls a tool, a
 * stream) the text itself is compared: `generateObject` gives no parts back when there is no object.
 */
const objectSchemaOf = (call: Call, expected: Expectation): Schema.Codec<JsonObject> | undefined => {
  if (call.schema === undefined || call.stream || expected.kind !== "answer") return undefined
  const said = parseJson(expected.text)
  if (typeof said !== "object" || said === null || Array.isArray(said)) return undefined
  try {
    const { $defs, ...schema } = objectAt(call.schema.schema)
    // A schema read from JSON needs no services and decodes JSON to JSON; its static type says neither.
    return SchemaRepresentation.fromJsonSchemaDocument({
      dialect: "draft-2020-12",
      schema,
      definitions: { ...objectAt($defs) } as Record<string, Record<string, unknown>>
    }) as unknown as Schema.Codec<JsonObject>
  } catch {
    return undefined
  }
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
  const schema = objectSchemaOf(call, expected)
  return observed(
    call.stream
      ? Effect.map(Stream.runCollect(LanguageModel.streamText(options)), (parts) => observeParts(asParts(parts)))
      : schema === undefined
      ? Effect.map(LanguageModel.generateText(options), (response) => observeParts(asParts(response.content)))
      : Effect.map(
        LanguageModel.generateObject({ ...options, schema, objectName: call.schema?.name ?? "answer" }),
        (response) => observeParts(asParts(response.content), response.value)
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
