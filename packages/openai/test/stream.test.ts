import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import { Effect } from "effect"
import { type Prompt, Tool } from "effect/ai"
import {
  type Answer,
  type Ask,
  collected,
  generated,
  type Json,
  message,
  metadataOf,
  response
} from "./fixtures/stub.ts"

const created = { type: "response.created", response: response([], { status: "in_progress", usage: null }) }

/** A stream of the events, with its begin, and its end where the output is given. */
const streamed = (events: ReadonlyArray<Json>, output?: ReadonlyArray<Json>, more: Json = {}): Answer => ({
  events: [
    created,
    { type: "response.in_progress", response: created.response },
    ...events,
    ...(output === undefined ? [] : [{ type: "response.completed", response: response(output, more) }])
  ]
})

const added = (item: Json, index = 0): Json => ({ type: "response.output_item.added", output_index: index, item })
const done = (item: Json, index = 0): Json => ({ type: "response.output_item.done", output_index: index, item })

const place = { item_id: "msg_1", output_index: 0, content_index: 0 }
const delta = (text: string): Json => ({ type: "response.output_text.delta", ...place, delta: text, obfuscation: "xx" })

const textEvents = (deltas: ReadonlyArray<string>, item: Json): ReadonlyArray<Json> => [
  added({ ...item, status: "in_progress", content: [] }),
  { type: "response.content_part.added", ...place, part: { type: "output_text", text: "", annotations: [] } },
  ...deltas.map(delta),
  { type: "response.output_text.done", ...place, text: deltas.join("") },
  done(item)
]

const without = (data: ReadonlyArray<Json>) =>
  data.filter((part) => part["type"] !== "response-metadata" && part["type"] !== "finish")

const typesOf = (data: ReadonlyArray<Json>) => data.map((part) => part["type"])

/** Text and reasoning of parts, plain or streamed, by the metadata that goes into the history. */
const folded = (data: ReadonlyArray<Json>) => {
  const blocks = new Map<unknown, { type: string; text: string; metadata: Json }>()
  const out: Array<unknown> = []
  for (const part of without(data)) {
    const type = String(part["type"])
    const [kind = "", edge] = type.split("-")
    if (edge === "start") {
      const block = { type: kind, text: "", metadata: {} }
      blocks.set(part["id"], block)
      if (kind !== "tool") out.push(block)
    }
    const block = blocks.get(part["id"])
    if (edge === "delta" && block !== undefined && kind !== "tool") block.text += String(part["delta"])
    if ((edge === "start" || edge === "end") && block !== undefined) {
      block.metadata = { ...block.metadata, ...metadataOf(part) }
    }
    if (type === "text" || type === "reasoning") {
      out.push({ type, text: part["text"], metadata: metadataOf(part) })
    } else if (!type.startsWith("text-") && !type.startsWith("reasoning-") && !type.startsWith("tool-params-")) {
      out.push(part)
    }
  }
  return out
}

/** A stream must say what the plain answer with the same output says. */
const sameAsPlain = (events: ReadonlyArray<Json>, output: ReadonlyArray<Json>, ask: Ask = {}) =>
  Effect.gen(function*() {
    const stream = yield* collected(streamed(events, output), ask)
    const plain = yield* generated({ json: response(output) }, ask)
    assert.isUndefined(stream.error)
    const byType = (a: unknown, b: unknown) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
    assert.deepStrictEqual(folded(stream.data).toSorted(byType), folded(plain.data).toSorted(byType))
    assert.deepStrictEqual(stream.data.at(-1), plain.data.at(-1))
    return stream
  })

describe("text", () => {
  it.effect("starts, comes in pieces and ends", () =>
    Effect.gen(function*() {
      const item = message("Hello.", { phase: "final_answer" })
      const { data } = yield* collected(streamed(textEvents(["Hel", "lo."], item), [item]))
      assert.deepStrictEqual(data.slice(0, -1), [
        {
          type: "response-metadata",
          id: "resp_1",
          modelId: "gpt-5.1-2025-11-13",
          timestamp: "2023-11-14T22:13:20.000Z"
        },
        { type: "text-start", id: "msg_1", metadata: { openai: { itemId: "msg_1", phase: "final_answer" } } },
        { type: "text-delta", id: "msg_1", delta: "Hel" },
        { type: "text-delta", id: "msg_1", delta: "lo." },
        { type: "text-end", id: "msg_1", metadata: { openai: { itemId: "msg_1", phase: "final_answer" } } }
      ])
      assert.strictEqual(data.at(-1)?.["reason"], "stop")
    }))

  it.effect("is the same where pieces, announcements or items are missing", () =>
    Effect.gen(function*() {
      const item = message("Hello.")
      yield* sameAsPlain(textEvents(["Hel", "lo."], item), [item])
      yield* sameAsPlain([delta("Hel"), delta("lo."), done(item)], [item])
      yield* sameAsPlain([added(item), delta("Hel"), done(item)], [item])
      yield* sameAsPlain([done(item)], [item])
      yield* sameAsPlain([delta("Hello.")], [item])
      yield* sameAsPlain([], [item])
    }))

  it.effect("pieces that come after the end of their item change nothing", () =>
    Effect.gen(function*() {
      const item = message("Hello.")
      const { data } = yield* sameAsPlain([delta("Hello."), done(item), delta("late")], [item])
      assert.strictEqual(data.filter((part) => part["type"] === "text-start").length, 1)
    }))

  it.effect("of a server without ids has none in its history", () =>
    Effect.gen(function*() {
      const { id: _, ...item } = message("Hello.")
      const { item_id: __, ...piece } = delta("Hello.")
      const { data } = yield* sameAsPlain([added({ ...item, content: [] }), piece, done(item)], [item])
      assert.deepStrictEqual(without(data).map((part) => [part["type"], part["id"], part["metadata"]]), [
        ["text-start", "item_0", undefined],
        ["text-delta", "item_0", undefined],
        ["text-end", "item_0", undefined]
      ])
    }))

  it.effect("contents that take turns stay apart", () =>
    Effect.gen(function*() {
      const content = (text: string) => ({ type: "output_text", text, annotations: [] })
      const item = message("", { content: [content("aaaa"), content("bb")] })
      const second = (text: string) => ({ ...delta(text), content_index: 1 })
      const { data } = yield* sameAsPlain([delta("aa"), second("b"), delta("aa"), second("b"), done(item)], [item])
      assert.deepStrictEqual(
        data.filter((part) => part["type"] === "text-delta").map((part) => [part["id"], part["delta"]]),
        [["msg_1", "aa"], ["msg_1:1", "b"], ["msg_1", "aa"], ["msg_1:1", "b"]]
      )
    }))

  it.effect("annotations come once", () =>
    Effect.gen(function*() {
      const web = (name: string) => ({ type: "url_citation", url: `https://example.com/${name}`, title: name })
      const item = message("", { content: [{ type: "output_text", text: "ab", annotations: [web("a"), web("b")] }] })
      const annotation = {
        type: "response.output_text.annotation.added",
        ...place,
        annotation_index: 0,
        annotation: web("a")
      }
      const { data } = yield* sameAsPlain([delta("ab"), annotation, done(item)], [item])
      assert.deepStrictEqual(
        data.filter((part) => part["type"] === "source").map((part) => part["title"]),
        ["a", "b"]
      )
      const later = { ...annotation, annotation_index: 1, annotation: web("b") }
      yield* sameAsPlain([delta("ab"), later, done(item)], [item])
    }))

  it.effect("a refusal streams as text", () =>
    Effect.gen(function*() {
      const item = message("", { content: [{ type: "refusal", refusal: "I cannot." }] })
      const { data } = yield* sameAsPlain([
        added({ ...item, content: [] }),
        { type: "response.content_part.added", ...place, part: { type: "refusal", refusal: "" } },
        { type: "response.refusal.delta", ...place, delta: "I can" },
        { type: "response.refusal.delta", ...place, delta: "not." },
        done(item)
      ], [item])
      assert.strictEqual(data.at(-1)?.["reason"], "content-filter")
    }))

  it.effect("log probabilities are with the end", () =>
    Effect.gen(function*() {
      const logprobs = [{ token: "a", logprob: -0.1, bytes: [97], top_logprobs: [] }]
      const item = message("", { content: [{ type: "output_text", text: "a", annotations: [], logprobs }] })
      const { data } = yield* sameAsPlain([delta("a"), done(item)], [item])
      const end = data.find((part) => part["type"] === "text-end")
      assert.deepStrictEqual(metadataOf(end)["logprobs"], logprobs)
    }))
})

describe("reasoning", () => {
  const item = {
    type: "reasoning",
    id: "rs_1",
    summary: [{ type: "summary_text", text: "one" }, { type: "summary_text", text: "two" }],
    encrypted_content: "whole"
  }
  const summary = (index: number, text: string) => ({
    type: "response.reasoning_summary_text.delta",
    item_id: "rs_1",
    output_index: 0,
    summary_index: index,
    delta: text
  })

  it.effect("what is encrypted is that of the end, on the last summary", () =>
    Effect.gen(function*() {
      const { data } = yield* sameAsPlain([
        added({ ...item, summary: [], encrypted_content: "begun" }),
        { type: "response.reasoning_summary_part.added", item_id: "rs_1", output_index: 0, summary_index: 0 },
        summary(0, "o"),
        summary(0, "ne"),
        summary(1, "two"),
        done(item)
      ], [item])
      const ends = data.filter((part) => part["type"] === "reasoning-end").map((part) => part["metadata"])
      assert.deepStrictEqual(ends, [
        { openai: { itemId: "rs_1" } },
        { openai: { itemId: "rs_1", encryptedContent: "whole" } }
      ])
    }))

  it.effect("an item without text, and the reasoning itself", () =>
    Effect.gen(function*() {
      const empty = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" }
      yield* sameAsPlain([added(empty), done(empty)], [empty])
      const full = { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "all" }] }
      const piece = (text: string) => ({
        type: "response.reasoning_text.delta",
        item_id: "rs_1",
        output_index: 0,
        content_index: 0,
        delta: text
      })
      yield* sameAsPlain([added(full), piece("a"), piece("ll"), done(full)], [full])
    }))
})

describe("calls", () => {
  const weather = Tool.dynamic("weather", { parameters: { type: "object", properties: {} } })
  const item = {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "weather",
    arguments: `{"city":"Rome"}`,
    status: "completed"
  }
  const piece = (text: string, index = 0) => ({
    type: "response.function_call_arguments.delta",
    item_id: "fc_1",
    output_index: index,
    delta: text
  })

  it.effect("arguments stream, the call comes whole", () =>
    Effect.gen(function*() {
      const { data } = yield* sameAsPlain(
        [added({ ...item, arguments: "" }), piece(`{"city":`), piece(`"Rome"}`), done(item)],
        [item],
        { tools: [weather] }
      )
      assert.deepStrictEqual(without(data), [
        { type: "tool-params-start", id: "call_1", name: "weather", providerExecuted: false },
        { type: "tool-params-delta", id: "call_1", delta: `{"city":` },
        { type: "tool-params-delta", id: "call_1", delta: `"Rome"}` },
        { type: "tool-params-end", id: "call_1" },
        {
          type: "tool-call",
          id: "call_1",
          name: "weather",
          params: { city: "Rome" },
          providerExecuted: false,
          metadata: { openai: { itemId: "fc_1" } }
        }
      ])
      assert.strictEqual(data.at(-1)?.["reason"], "tool-calls")
    }))

  it.effect("parallel calls with their pieces mixed", () =>
    Effect.gen(function*() {
      const other = { ...item, id: "fc_2", call_id: "call_2", arguments: `{"city":"Oslo"}` }
      yield* sameAsPlain(
        [
          added({ ...item, arguments: "" }, 0),
          added({ ...other, arguments: "" }, 1),
          piece(`{"city":`, 0),
          piece(`{"city":`, 1),
          piece(`"Rome"}`, 0),
          piece(`"Oslo"}`, 1),
          done(item, 0),
          done(other, 1)
        ],
        [item, other],
        { tools: [weather] }
      )
    }))

  it.effect("without pieces the arguments come as one", () =>
    Effect.gen(function*() {
      const { data } = yield* sameAsPlain([done(item)], [item], { tools: [weather] })
      assert.deepStrictEqual(data.filter((part) => part["type"] === "tool-params-delta").map((part) => part["delta"]), [
        `{"city":"Rome"}`
      ])
    }))

  it.effect("arguments that are cut reach the caller as the text they are, and the end forbids to run them", () =>
    Effect.gen(function*() {
      const cut = { ...item, arguments: `{"city":"Ro`, status: "incomplete" }
      const { data } = yield* collected({
        events: [
          created,
          added({ ...item, arguments: "" }),
          piece(`{"city":"Ro`),
          done(cut),
          {
            type: "response.incomplete",
            response: response([cut], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } })
          }
        ]
      }, { tools: [weather] })
      assert.deepStrictEqual(data.at(-2)?.["params"], `{"city":"Ro`)
      assert.strictEqual(data.at(-1)?.["reason"], "length")
    }))

  it.effect("free text of a tool streams as it is", () =>
    Effect.gen(function*() {
      const custom = { type: "custom_tool_call", id: "ctc_1", call_id: "call_1", name: "sql", input: "select 1" }
      const { data } = yield* sameAsPlain(
        [
          added({ ...custom, input: "" }),
          { type: "response.custom_tool_call_input.delta", item_id: "ctc_1", output_index: 0, delta: "select 1" },
          done(custom)
        ],
        [custom],
        { tools: [OpenAiTool.Custom("sql")] }
      )
      assert.deepStrictEqual(data.filter((part) => part["type"] === "tool-params-delta").map((part) => part["delta"]), [
        "select 1"
      ])
    }))

  it.effect("code of the interpreter and arguments for an MCP server stream as JSON", () =>
    Effect.gen(function*() {
      const run = {
        type: "code_interpreter_call",
        id: "ci_1",
        container_id: "cntr_1",
        code: `print("é")\n`,
        outputs: null,
        status: "completed"
      }
      const call = {
        type: "mcp_call",
        id: "mcp_1",
        server_label: "docs",
        name: "find",
        arguments: `{ "q": "x" }`,
        output: "found",
        error: null,
        status: "completed"
      }
      const { data } = yield* sameAsPlain(
        [
          added({ ...run, code: "", status: "in_progress" }, 0),
          { type: "response.code_interpreter_call_code.delta", output_index: 0, item_id: "ci_1", delta: `print("` },
          { type: "response.code_interpreter_call_code.delta", output_index: 0, item_id: "ci_1", delta: `é")\n` },
          done(run, 0),
          added({ ...call, arguments: "", output: null, status: "in_progress" }, 1),
          { type: "response.mcp_call_arguments.delta", output_index: 1, item_id: "mcp_1", delta: `{ "q": ` },
          { type: "response.mcp_call_arguments.delta", output_index: 1, item_id: "mcp_1", delta: `"x" }` },
          done(call, 1)
        ],
        [run, call],
        {
          tools: [OpenAiTool.CodeInterpreter({ container: { type: "auto" } }), OpenAiTool.Mcp({ server_label: "docs" })]
        }
      )
      for (const id of ["ci_1", "mcp_1"]) {
        const text = data.filter((part) => part["type"] === "tool-params-delta" && part["id"] === id)
          .map((part) => part["delta"]).join("")
        const params = data.find((part) => part["type"] === "tool-call" && part["id"] === id)?.["params"]
        assert.deepStrictEqual(JSON.parse(text), params)
      }
    }))

  it.effect("pictures on their way are preliminary results", () =>
    Effect.gen(function*() {
      const image = { type: "image_generation_call", id: "ig_1", status: "completed", result: "aGVsbG8=" }
      const { data } = yield* collected(
        streamed([
          added({ type: "image_generation_call", id: "ig_1", status: "in_progress" }),
          {
            type: "response.image_generation_call.partial_image",
            output_index: 0,
            item_id: "ig_1",
            partial_image_index: 0,
            partial_image_b64: "aGVs"
          },
          done(image)
        ], [image]),
        { tools: [OpenAiTool.ImageGeneration({ partial_images: 1 })] }
      )
      assert.deepStrictEqual(typesOf(without(data)), [
        "tool-params-start",
        "tool-result",
        "tool-params-delta",
        "tool-params-end",
        "tool-call",
        "tool-result",
        "file"
      ])
      const [, preliminary] = without(data)
      assert.deepStrictEqual([preliminary?.["preliminary"], preliminary?.["result"]], [
        true,
        { partial_image_index: 0, partial_image_b64: "aGVs" }
      ])
    }))
})

describe("the end", () => {
  const item = message("Hello.")
  const half = [added({ ...item, content: [] }), delta("Hel")]

  it.effect("a stream without its last event is an error with what had come", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collected(streamed(half))
      assert.strictEqual(error && ProviderError.kindOf(error), "StreamInterrupted")
      const texts = error &&
        ProviderError.partial(error)?.parts.flatMap((part) => part.type === "text" ? [part.text] : [])
      assert.deepStrictEqual(texts, ["Hel"])
      assert.isFalse(parts.some((part) => part.type === "finish"))
    }))

  it.effect("an error event, nested or flat, is an error by its code", () =>
    Effect.gen(function*() {
      const flat = { type: "error", code: "rate_limit_exceeded", message: "slow down", param: null }
      const nested = {
        type: "error",
        error: { type: "insufficient_quota", code: "insufficient_quota", message: "none" }
      }
      const first = yield* collected(streamed([...half, flat]))
      assert.strictEqual(first.error && ProviderError.kindOf(first.error), "RateLimited")
      const second = yield* collected(streamed([nested]))
      assert.strictEqual(second.error && ProviderError.kindOf(second.error), "QuotaExhausted")
    }))

  it.effect("so is a response that failed", () =>
    Effect.gen(function*() {
      const failed = response([], { status: "failed", error: { code: "server_error", message: "oops" } })
      const { error } = yield* collected(streamed([...half, { type: "response.failed", response: failed }]))
      assert.strictEqual(error && ProviderError.kindOf(error), "ProviderFailed")
      assert.include(error?.message ?? "", "oops")
    }))

  it.effect("an error that is first gives no part", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* collected({ events: [{ type: "error", code: "server_error", message: "x" }] })
      assert.deepStrictEqual(parts, [])
      assert.strictEqual(error && ProviderError.kindOf(error), "ProviderFailed")
    }))

  it.effect("events before the first that tells of the answer leave the first part as it is", () =>
    Effect.gen(function*() {
      const events = [{ type: "keepalive", sequence_number: 0 }, { hello: "world" }, created]
      const { data } = yield* collected({
        events: [...events, ...textEvents(["Hello."], item), { type: "response.completed", response: response([item]) }]
      })
      assert.deepInclude(data[0], { type: "response-metadata", id: "resp_1", modelId: "gpt-5.1-2025-11-13" })
      assert.deepStrictEqual(typesOf(data), ["response-metadata", "text-start", "text-delta", "text-end", "finish"])
    }))

  it.effect("an answer that was not streamed is given as one", () =>
    Effect.gen(function*() {
      const { data, error } = yield* collected({ json: response([item]) })
      assert.isUndefined(error)
      assert.deepStrictEqual(typesOf(data), ["response-metadata", "text-start", "text-delta", "text-end", "finish"])
      const none = yield* collected({ json: { choices: [] } })
      assert.strictEqual(none.error && ProviderError.kindOf(none.error), "InvalidResponse")
    }))

  it.effect("nothing comes after it, and events nobody knows are told with it", () =>
    Effect.gen(function*() {
      const { data, error } = yield* collected({
        events: [
          created,
          { type: "keepalive", sequence_number: 3 },
          ...textEvents(["Hello."], item),
          { type: "response.web_search_call.searching", item_id: "ws_1", output_index: 0, sequence_number: 9 },
          { type: "response.telepathy.delta", output_index: 0, sequence_number: 10, delta: "?" },
          { type: "response.completed", response: response([item], { billing: { payer: "developer" }, error: null }) },
          delta("late"),
          { type: "response.completed", response: response([item]) }
        ]
      })
      assert.isUndefined(error)
      assert.deepStrictEqual(typesOf(data), ["response-metadata", "text-start", "text-delta", "text-end", "finish"])
      const told = metadataOf(data.at(-1))
      assert.deepStrictEqual(told["unknown"], [{ type: "response.telepathy.delta", delta: "?" }])
      assert.deepStrictEqual(told["response"], { billing: { payer: "developer" } })
    }))
})

it.effect("a long answer keeps its text", () =>
  Effect.gen(function*() {
    const deltas = Array.from({ length: 500 }, (_, index) => `${index} `)
    const item = message(deltas.join(""))
    const prompt: Prompt.RawInput = "Count."
    const { parts } = yield* collected(streamed(textEvents(deltas, item), [item]), { prompt })
    const text = parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : [])
    assert.deepStrictEqual(text, deltas)
  }))
