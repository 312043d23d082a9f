import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import type * as Tool from "effect/ai/Tool"
import type * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Expectation } from "./expectation/Expectation.ts"
import type { Heard } from "./heard.ts"
import { type JsonObject, parseJson } from "./json.ts"
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
export const objectSchemaOf = (call: Call, expected: Expectation): ObjectSchema | undefined => {
  if (call.format?.schema === undefined || call.stream || expected.kind !== "answer") return undefined
  const said = parseJson(expected.text)
  return typeof said === "object" && said !== null && !Array.isArray(said)
    ? objectSchema(call.format.schema)
    : undefined
}

type ObjectSchema = Schema.Codec<JsonObject>

/** Makes the call and says what a caller got: an answer or a typed error. Anything else is a defect. */
export const callModel = (
  call: Call,
  schema: ObjectSchema | undefined
): Effect.Effect<Heard, never, LanguageModel.LanguageModel> => {
  const options = {
    prompt: call.prompt,
    disableToolCallResolution: true,
    toolkit: toolkitOf(call.tools),
    toolChoice: call.toolChoice
  }
  if (call.stream) return heardStream(Stream.suspend(() => LanguageModel.streamText(options)))
  const text = Effect.map(
    Effect.suspend(() => LanguageModel.generateText(options)),
    (response) => heardAnswer(response.content)
  )
  if (schema === undefined) return heard(text)
  return heard(
    LanguageModel.generateObject({ ...options, schema, objectName: call.format?.name ?? "answer" }).pipe(
      Effect.map((response) => heardAnswer(response.content, response.value)),
      // A schema the provider cannot send is refused before the network; the answer can be had as text.
      Effect.catchReason("AiError", "UnsupportedSchemaError", () => text)
    )
  )
}

/** Results for the calls that wait for the caller, all alike. */
const resultsFor = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<Prompt.ToolResultPartEncoded> =>
  parts.flatMap((part) =>
    part.type === "tool-call" && !part.providerExecuted
      ? [{ type: "tool-result", id: part.id, name: part.name, isFailure: false, result: "done" }]
      : []
  )

/** The next turn: what was asked, the answer, results for its calls, and another message of the user. */
export const askNext = (
  call: Call,
  parts: ReadonlyArray<Response.AnyPart>
): Effect.Effect<Heard, never, LanguageModel.LanguageModel> => {
  const results = resultsFor(parts)
  const prompt = Prompt.make([
    ...Prompt.make(call.prompt).content,
    ...Prompt.fromResponseParts(parts).content,
    ...Prompt.make([
      ...(results.length === 0 ? [] : [{ role: "tool" as const, content: results }]),
      { role: "user", content: "And then?" }
    ]).content
  ])
  const options = { prompt, disableToolCallResolution: true, toolkit: toolkitOf(call.tools) }
  return heard(
    Effect.map(Effect.suspend(() => LanguageModel.generateText(options)), (response) => heardAnswer(response.content))
  )
}

const heardAnswer = (parts: ReadonlyArray<unknown>, object?: unknown): Heard => ({
  kind: "answer",
  parts: asParts(parts),
  object
})

/** The type of a part depends on the toolkit, which is not known here but for its names. */
const asParts = (parts: ReadonlyArray<unknown>): ReadonlyArray<Response.AnyPart> =>
  parts as ReadonlyArray<Response.AnyPart>

const heard = <R>(effect: Effect.Effect<Heard, AiError.AiError, R>): Effect.Effect<Heard, never, R> =>
  Effect.catch(effect, (error) => Effect.succeed<Heard>({ kind: "error", error, parts: [] }))

/** A stream gives parts before it fails. */
const heardStream = <R>(
  stream: Stream.Stream<unknown, AiError.AiError, R>
): Effect.Effect<Heard, never, R> =>
  Effect.suspend(() => {
    const parts: Array<unknown> = []
    return Stream.runForEach(stream, (part) => Effect.sync(() => parts.push(part))).pipe(
      Effect.map(() => heardAnswer(parts)),
      Effect.catch((error) => Effect.succeed<Heard>({ kind: "error", error, parts: asParts(parts) }))
    )
  })

/** The same for embeddings. */
export const callEmbeddings = (call: EmbeddingCall): Effect.Effect<Heard, never, EmbeddingModel.EmbeddingModel> =>
  heard(
    Effect.gen(function*() {
      const model = yield* EmbeddingModel.EmbeddingModel
      const response = yield* model.embedMany(call.inputs)
      return {
        kind: "embeddings",
        vectors: response.embeddings.map((embedding) => embedding.vector),
        inputTokens: response.usage.inputTokens
      } satisfies Heard
    })
  )
