/** Calls of the public API against answers given here, with the bodies that were sent. */
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import { Effect, Layer, Redacted, Stream } from "effect"
import { LanguageModel, type Response, type Tool, type Toolkit } from "effect/ai"

export type Json = { readonly [key: string]: unknown }

/** An answer: a whole response, the events of a stream, or an error with its status. */
export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly events: ReadonlyArray<unknown> }

const respond = (answer: Answer): globalThis.Response =>
  "json" in answer
    ? new globalThis.Response(JSON.stringify(answer.json), {
      status: answer.status ?? 200,
      headers: { "content-type": "application/json" }
    })
    : new globalThis.Response(answer.events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""), {
      headers: { "content-type": "text/event-stream" }
    })

/** A client that gives the answers in turn, the last one for ever. */
export const answering = (...answers: readonly [Answer, ...ReadonlyArray<Answer>]) => {
  const bodies: Array<Json> = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const next = answers[Math.min(bodies.length, answers.length - 1)] ?? answers[0]
    bodies.push(JSON.parse(await new globalThis.Response(init?.body ?? null).text()))
    return respond(next)
  }
  return { bodies, client: OpenAiClient.layer({ apiKey: Redacted.make("test"), fetch }) }
}

/** A response with the given items. */
export const response = (output: ReadonlyArray<Json>, more: Json = {}): Json => ({
  id: "resp_1",
  object: "response",
  created_at: 1_700_000_000,
  model: "gpt-5.1-2025-11-13",
  status: "completed",
  output,
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 5 },
    total_tokens: 120
  },
  ...more
})

export const message = (text: string, more: Json = {}): Json => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
  ...more
})

/** A toolkit whose tools are not run: its calls stay calls. */
export const toolkitOf = (...tools: ReadonlyArray<Tool.Any>): Toolkit.WithHandler<{}> => ({
  // Which tools there are is not in the type, because it would be unknown what their handlers need.
  tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])) as {},
  handle: (name) => Effect.die(`the tool ${String(name)} was run`)
})

/** Options of a call, with tools that are not run. */
export interface Ask {
  readonly prompt?: LanguageModel.GenerateTextOptions<{}>["prompt"]
  readonly tools?: ReadonlyArray<Tool.Any>
  readonly toolChoice?: LanguageModel.ToolChoice<string>
}

const optionsOf = (ask: Ask) => ({
  prompt: ask.prompt ?? "Hi",
  toolkit: toolkitOf(...ask.tools ?? []),
  disableToolCallResolution: true as const,
  // The names of the tools are not in the type of the toolkit.
  ...(ask.toolChoice === undefined ? undefined : { toolChoice: ask.toolChoice as LanguageModel.ToolChoice<never> })
})

/** What a call with these settings sends. */
export const sent = (
  ask: Ask,
  config: OpenAiLanguageModel.Config = {},
  model: OpenAiLanguageModel.ModelId = "gpt-5.1"
) =>
  Effect.gen(function*() {
    const { bodies, client } = answering({ json: response([message("ok")]) })
    yield* LanguageModel.generateText(optionsOf(ask)).pipe(
      Effect.provide(Layer.provide(OpenAiLanguageModel.layer(model, config), client))
    )
    const [body] = bodies
    if (body === undefined) return yield* Effect.die("nothing was sent")
    return body
  })

/** A part as a caller gets it, as data, without what is empty. */
const plain = (part: object): Json => {
  const { metadata, "~effect/ai/Response/Part": _, ...rest }: Json = JSON.parse(JSON.stringify(part))
  return Object.keys(metadata ?? {}).length === 0 ? rest : { ...rest, metadata }
}

/** The metadata of a part under a name. */
export const metadataOf = (part: Json | undefined, name = "openai"): Json => {
  const all = part?.["metadata"]
  const own = typeof all === "object" && all !== null
    ? Object.entries(all).find(([key]) => key === name)?.[1]
    : undefined
  return own ?? {}
}

/** The parts of a plain answer. */
export const generated = (
  answer: Answer,
  ask: Ask = {},
  model: OpenAiLanguageModel.ModelId = "gpt-5.1"
) =>
  LanguageModel.generateText(optionsOf(ask)).pipe(
    Effect.provide(Layer.provide(OpenAiLanguageModel.layer(model), answering(answer).client)),
    // Any part may come; the type of the toolkit names no tools.
    Effect.map(({ content }) => content as ReadonlyArray<Response.AnyPart>),
    Effect.map((parts) => ({ parts, data: parts.map(plain) }))
  )

/** The parts of a streamed answer, and the error it ended with. */
export const collected = (answer: Answer, ask: Ask = {}, model: OpenAiLanguageModel.ModelId = "gpt-5.1") =>
  Effect.gen(function*() {
    const parts: Array<Response.AnyPart> = []
    const exit = yield* LanguageModel.streamText(optionsOf(ask)).pipe(
      // Any part may come; the type of the toolkit names no tools.
      Stream.runForEach((part) => Effect.sync(() => parts.push(part as Response.AnyPart))),
      Effect.provide(Layer.provide(OpenAiLanguageModel.layer(model), answering(answer).client)),
      Effect.result
    )
    return { parts, data: parts.map(plain), error: exit._tag === "Failure" ? exit.failure : undefined }
  })
