import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { deepStrictEqual } from "node:assert"
import type { Json } from "../../src/recordings/json.ts"
import { runExchange } from "../../src/recordings/run-exchange.ts"
import { startServer } from "../../src/recordings/serve.ts"
import { asMessages } from "./answers-anthropic.ts"
import { asResponse } from "./answers-openai-responses.ts"
import { chat, messages, type Recorded, responses } from "./answers.ts"
import { answered, asking, streamed } from "./exchange.ts"
import { blocks } from "./shapes-anthropic.ts"
import { hosted, items, look } from "./shapes-openai-responses.ts"

/** Each answer as it is, in every form a stream has, cut, and in the next request. */
const pass = (all: ReadonlyArray<Recorded>) =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* startServer
    for (const { api, exchange, name } of all) {
      const { lines } = yield* runExchange(server, exchange, api, "seed")
      deepStrictEqual(lines, [], name)
    }
  }))

const completions: Readonly<Record<string, Json>> = {
  "no text": { content: null },
  "a refusal with a text": { content: "Hm. ", refusal: "No." },
  "a call in the old form": { content: null, function_call: { name: "look", arguments: "{\"a\":1}" } },
  "a tool that takes text": { tool_calls: [{ id: "c", type: "custom", custom: { name: "sql", input: "{\"a\":1}" } }] },
  "members nobody knows": {
    content: "So.",
    mood: "bright",
    annotations: [
      { type: "url_citation", url_citation: { url: "https://example.org/" }, score: 0.125 },
      { type: "invented", where: "nowhere" }
    ],
    tool_calls: [{
      id: "c",
      type: "function",
      function: { name: "look", arguments: "" },
      extra_content: { a: "signed" }
    }]
  },
  "a spoken answer": { audio: { id: "audio_1", data: "UklGRg==", transcript: "Hello.", expires_at: 1_700_000_000 } }
}

describe("shapes that vendors describe", () => {
  it.effect.each(Object.entries(items))(
    "Responses: %s",
    ([name, output]) =>
      pass([hosted, [look, { type: "custom", name: "sql" }]].flatMap((tools) => {
        const request = { model: "gpt-5.1", input: "Go", tools }
        const { plain, stream } = asResponse(output)
        return [
          { name, api: responses, exchange: asking(request, plain) },
          { name: `${name}, streamed`, api: responses, exchange: asking({ ...request, stream: true }, stream) }
        ]
      }))
  )

  it.effect.each(Object.entries(blocks))("Messages: %s", ([name, content]) => {
    const request = {
      model: "claude-sonnet-4-5",
      max_tokens: 9,
      messages: [{ role: "user", content: "Go" }],
      tools: [{ type: "web_search_20250305", name: "web_search" }]
    }
    const { plain, stream } = asMessages(content)
    return pass([
      { name, api: messages, exchange: asking(request, plain) },
      { name: `${name}, streamed`, api: messages, exchange: asking({ ...request, stream: true }, stream) }
    ])
  })

  it.effect("messages of Chat Completions", () =>
    pass(
      Object.entries(completions).map(([name, message]) => ({
        name,
        api: chat,
        exchange: answered({ id: "chat-1", model: "m", choices: [{ index: 0, message, finish_reason: "stop" }] })
      }))
    ))

  it.effect("items that come at the same time", () => {
    const call = (n: number, args: string): Json => ({
      type: "function_call",
      id: `fc_${n}`,
      call_id: `c${n}`,
      name: "look",
      arguments: args
    })
    const text: Json = {
      type: "message",
      id: "msg_1",
      role: "assistant",
      content: [{ type: "output_text", text: "So." }]
    }
    const event = (type: string, output_index: number, more: { readonly [name: string]: Json }): Json => ({
      type: `response.${type}`,
      output_index,
      ...more
    })
    const first = call(0, "{\"a\":0}")
    const third = call(2, "{\"a\":2}")
    const exchange = streamed(
      { type: "response.created", response: { id: "resp_1", model: "m", status: "in_progress", output: [] } },
      event("output_item.added", 0, { item: call(0, "") }),
      event("output_item.added", 1, { item: { ...text as object, content: [] } }),
      event("output_item.added", 2, { item: call(2, "") }),
      event("function_call_arguments.delta", 2, { item_id: "fc_2", delta: "{\"a\":2}" }),
      event("output_text.delta", 1, { item_id: "msg_1", content_index: 0, delta: "So." }),
      event("output_item.done", 2, { item: third }),
      event("function_call_arguments.delta", 0, { item_id: "fc_0", delta: "{\"a\":0}" }),
      event("output_item.done", 0, { item: first }),
      event("output_item.done", 1, { item: text }),
      {
        type: "response.completed",
        response: { id: "resp_1", model: "m", status: "completed", output: [first, text, third] }
      }
    )
    return pass([{ name: "calls and a text", api: responses, exchange }])
  })

  it.effect("events and errors of streams", () => {
    const chunk = (delta: Json, more: { readonly [name: string]: Json } = {}): Json => ({
      id: "chat-1",
      choices: [{ index: 0, delta, finish_reason: null }],
      ...more
    })
    const stop: Json = { id: "chat-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }
    const start: Json = { type: "message_start", message: { id: "msg_1", model: "m", content: [] } }
    const error = (type: string, code: string | null = null): Json => ({
      type: "error",
      error: { type, code, message: "M" }
    })
    const part = { type: "content_block_start", index: 0, content_block: { type: "novel", seed: "a seed" } }
    const grown = { type: "content_block_delta", index: 0, delta: { type: "novel_delta", glow: "bright glow" } }
    const end = { type: "message_delta", delta: { stop_reason: "end_turn" } }
    return pass([
      {
        name: "odd chunks",
        api: chat,
        exchange: streamed({ choices: [] }, chunk({ content: "a" }), { choices: null }, stop)
      },
      {
        name: "calls without an id",
        api: chat,
        exchange: streamed(
          chunk({ function_call: { name: "look", arguments: "" } }),
          chunk({ function_call: { arguments: "{\"a\":1}" } }),
          stop
        )
      },
      {
        name: "late members",
        api: chat,
        exchange: streamed(chunk({ content: "a" }), chunk({ content: "b" }, { sparkle: { level: 7 } }), stop)
      },
      {
        name: "an error in the middle",
        api: chat,
        exchange: streamed(chunk({ content: "a" }), { error: "overloaded" })
      },
      { name: "a wrong request", api: responses, exchange: streamed(error("invalid_request_error")) },
      { name: "a code nobody knows", api: responses, exchange: streamed(error("server_error", "invented")) },
      { name: "two starts", api: messages, exchange: streamed(start, start, end, { type: "message_stop" }) },
      { name: "a novel block", api: messages, exchange: streamed(start, part, grown, end, { type: "message_stop" }) },
      { name: "overload", api: messages, exchange: streamed(start, error("overloaded_error")) }
    ])
  })
})
