/** Calls of the public API against answers given here, with what was sent. */
import { Effect, Layer, Redacted, Stream } from "effect"
import { LanguageModel, type Response, type Tool, type Toolkit } from "effect/ai"
import * as OpenRouterClient from "../src/OpenRouterClient.ts"
import * as OpenRouterLanguageModel from "../src/OpenRouterLanguageModel.ts"

export type Json = { readonly [key: string]: unknown }

/** An answer: a whole body, or the lines of a stream. */
export type Answer = { readonly json: unknown; readonly status?: number } | { readonly stream: string }

export interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Json | undefined
}

/** A client that gives the answers in turn, the last one for ever. */
export const answering = (
  answers: readonly [Answer, ...ReadonlyArray<Answer>],
  options: Partial<OpenRouterClient.Options> = {}
) => {
  const sent: Array<Sent> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? answers[0]
    const request = new Request(input, init)
    const text = await request.text()
    sent.push({
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text)
    })
    return "json" in answer
      ? new globalThis.Response(JSON.stringify(answer.json), {
        status: answer.status ?? 200,
        headers: { "content-type": "application/json" }
      })
      : new globalThis.Response(answer.stream, { headers: { "content-type": "text/event-stream" } })
  }
  return { sent, client: OpenRouterClient.layer({ apiKey: Redacted.make("sk-or-test"), fetch, ...options }) }
}

const head = { id: "gen-1", created: 1_700_000_000, model: "acme/large", provider: "Acme" }

/** A whole answer with one choice. */
export const completion = (message: Json, more: Json = {}): Json => ({
  ...head,
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
  ...more
})

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

export const chunk = (delta: Json, finish_reason: string | null = null, more: Json = {}): string =>
  event({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], ...more })

/** A toolkit whose tools are not run: its calls stay calls. */
export const toolkitOf = (...tools: ReadonlyArray<Tool.Any>): Toolkit.WithHandler<{}> => ({
  // Which tools there are is not in the type, because it would be unknown what their handlers need.
  tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])) as {},
  handle: (name) => Effect.die(`the tool ${String(name)} was run`)
})

export interface Ask {
  readonly prompt?: LanguageModel.GenerateTextOptions<{}>["prompt"]
  readonly tools?: ReadonlyArray<Tool.Any>
}

const optionsOf = (ask: Ask) => ({
  prompt: ask.prompt ?? "Hi",
  toolkit: toolkitOf(...ask.tools ?? []),
  disableToolCallResolution: true as const
})

/** The body a call sends. */
export const sentBody = (ask: Ask, config: OpenRouterLanguageModel.Config = {}) =>
  Effect.gen(function*() {
    const { client, sent } = answering([{ json: completion({ content: "ok" }) }])
    yield* LanguageModel.generateText(optionsOf(ask)).pipe(
      Effect.provide(Layer.provide(OpenRouterLanguageModel.layer("acme/large", config), client))
    )
    const body = sent[0]?.body
    if (body === undefined) return yield* Effect.die("nothing was sent")
    return body
  })

/** The parts of a plain answer. */
export const generated = (answer: Answer, ask: Ask = {}) =>
  LanguageModel.generateText(optionsOf(ask)).pipe(
    Effect.provide(Layer.provide(OpenRouterLanguageModel.layer("acme/large"), answering([answer]).client)),
    // Any part may come; the type of the toolkit names no tools.
    Effect.map(({ content }) => content as ReadonlyArray<Response.AnyPart>)
  )

/** The parts of a streamed answer, and the error it ended with. */
export const streamed = (stream: string, ask: Ask = {}) =>
  Effect.gen(function*() {
    const parts: Array<Response.AnyPart> = []
    const exit = yield* LanguageModel.streamText(optionsOf(ask)).pipe(
      // Any part may come; the type of the toolkit names no tools.
      Stream.runForEach((part) => Effect.sync(() => parts.push(part as Response.AnyPart))),
      Effect.provide(Layer.provide(OpenRouterLanguageModel.layer("acme/large"), answering([{ stream }]).client)),
      Effect.result
    )
    return { parts, error: exit._tag === "Failure" ? exit.failure : undefined }
  })
