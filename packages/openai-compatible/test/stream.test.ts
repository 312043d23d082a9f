import { assert, describe, it } from "@effect/vitest"
import * as EventStream from "@llm-layers/core/EventStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { chunk, delta, done, finish, inside, stream } from "./fixtures/dialect.ts"

const stop = delta({}, { finish_reason: "stop" })
const kind = (error: ReturnType<typeof stream>["error"]) =>
  error === undefined ? undefined : ProviderError.kindOf(error)

/** The tool calls of an answer, each by name, arguments and id. */
const calls = (parts: ReturnType<typeof stream>["parts"]) =>
  parts.flatMap((part) => part.type === "tool-call" ? [[part.name, part.params, part.id]] : [])

const callDelta = (call: object, more: object = {}) => delta({ tool_calls: [call], ...more })

describe("text", () => {
  it("has one start, its deltas and one end between the first and the last part", () => {
    const { error, parts } = stream([
      delta({ role: "assistant", content: "", refusal: null }),
      delta({ content: "Hel" }),
      delta({ content: "lo" }),
      delta({ content: null }),
      stop,
      done
    ])
    assert.isUndefined(error)
    assert.deepStrictEqual(parts, [
      { type: "response-metadata", id: "c1", modelId: "acme-1", timestamp: "2023-11-14T22:13:20.000Z", metadata: {} },
      { type: "text-start", id: "text_0", metadata: {} },
      { type: "text-delta", id: "text_0", delta: "Hel" },
      { type: "text-delta", id: "text_0", delta: "lo" },
      { type: "text-end", id: "text_0" },
      {
        type: "finish",
        reason: "stop",
        usage: { inputTokens: {}, outputTokens: {} },
        metadata: { acme: { finishReason: "stop" } }
      }
    ])
  })

  it("the content may be a list of parts; kinds nobody knows are kept", () => {
    const { parts } = stream([
      delta({ content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm" }] }] }),
      delta({ content: [{ type: "text", text: "4" }, { type: "reference", ids: [1] }] }),
      stop,
      done
    ])
    assert.deepStrictEqual(inside(parts).map((part) => part.type), [
      "reasoning-start",
      "reasoning-delta",
      "reasoning-end",
      "text-start",
      "text-delta",
      "text-end"
    ])
    assert.deepStrictEqual(finish(parts).acme["unknown"], [{ type: "reference", ids: [1] }])
  })

  it("a refusal is text that says so, and the answer ends as filtered", () => {
    const { parts } = stream([
      delta({ content: null, refusal: "" }),
      delta({ refusal: "I " }),
      delta({ refusal: "won't." }),
      stop,
      done
    ])
    assert.deepStrictEqual(inside(parts), [
      { type: "text-start", id: "text_0", metadata: { acme: { refusal: true } } },
      { type: "text-delta", id: "text_0", delta: "I " },
      { type: "text-delta", id: "text_0", delta: "won't." },
      { type: "text-end", id: "text_0" }
    ])
    assert.strictEqual(finish(parts).reason, "content-filter")
  })
})

describe("reasoning", () => {
  it.each(["reasoning_content", "reasoning"])("comes before the text, in %s", (field) => {
    const { parts } = stream([
      delta({ [field]: "Let me" }),
      delta({ [field]: " see", content: null }),
      delta({ content: "4" }),
      stop,
      done
    ])
    assert.deepStrictEqual(inside(parts), [
      { type: "reasoning-start", id: "reasoning_0", metadata: { acme: { field } } },
      { type: "reasoning-delta", id: "reasoning_0", delta: "Let me" },
      { type: "reasoning-delta", id: "reasoning_0", delta: " see" },
      { type: "reasoning-end", id: "reasoning_0" },
      { type: "text-start", id: "text_1", metadata: {} },
      { type: "text-delta", id: "text_1", delta: "4" },
      { type: "text-end", id: "text_1" }
    ])
  })

  it("is not doubled where a server sends it in both members", () => {
    const { parts } = stream([delta({ reasoning: "Hm", reasoning_content: "Hm" }), stop, done])
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "reasoning-delta" ? [part.delta] : []), ["Hm"])
  })

  it("leaves with its details, pieces of one joined", () => {
    const detail = (more: object) => ({ type: "reasoning.text", format: "x-v1", index: 0, ...more })
    const encrypted = { type: "reasoning.encrypted", data: "AAA", index: 1 }
    const { parts } = stream([
      delta({ reasoning: "He", reasoning_details: [detail({ text: "He" })] }),
      delta({ reasoning: "y", reasoning_details: [detail({ text: "y" })] }),
      delta({ content: "", reasoning_details: [detail({ signature: "sig" }), encrypted] }),
      delta({ content: "4" }),
      stop,
      done
    ])
    assert.deepStrictEqual(parts.find((part) => part.type === "reasoning-end"), {
      type: "reasoning-end",
      id: "reasoning_0",
      metadata: { acme: { reasoningDetails: [detail({ text: "Hey", signature: "sig" }), encrypted] } }
    })
  })

  it("that is encrypted alone is a part without text", () => {
    const data = [{ type: "reasoning.encrypted", data: "AAA", id: "t1" }]
    const { parts } = stream([
      delta({ content: "", reasoning: null, reasoning_details: data }),
      callDelta({ index: 0, id: "t1", function: { name: "add", arguments: "{}" } }),
      delta({}, { finish_reason: "tool_calls" }),
      done
    ])
    assert.deepStrictEqual(parts.slice(1, 3), [
      { type: "reasoning-start", id: "reasoning_0", metadata: { acme: { field: "reasoning" } } },
      { type: "reasoning-end", id: "reasoning_0", metadata: { acme: { reasoningDetails: data } } }
    ])
  })
})

describe("tool calls", () => {
  it("are given out whole, next to the finish", () => {
    const { parts } = stream([
      delta({ role: "assistant", content: "Adding." }),
      callDelta({ index: 0, id: "call_a", type: "function", function: { name: "add", arguments: "" } }),
      callDelta({ index: 0, function: { arguments: `{"text":"a\\` } }),
      callDelta({ index: 0, function: { arguments: `nb"}` } }),
      callDelta({ index: 1, id: "call_b", type: "function", function: { name: "now", arguments: "" } }),
      delta({}, { finish_reason: "tool_calls" }),
      chunk({ id: "c1", choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }),
      done
    ])
    assert.deepStrictEqual(parts.slice(3), [
      { type: "text-end", id: "text_0" },
      { type: "tool-params-start", id: "call_a", name: "add" },
      { type: "tool-params-delta", id: "call_a", delta: `{"text":"a\\` },
      { type: "tool-params-delta", id: "call_a", delta: `nb"}` },
      { type: "tool-params-start", id: "call_b", name: "now" },
      { type: "tool-params-end", id: "call_a" },
      { type: "tool-call", id: "call_a", name: "add", params: { text: "a\nb" } },
      { type: "tool-params-end", id: "call_b" },
      { type: "tool-call", id: "call_b", name: "now", params: {} },
      {
        type: "finish",
        reason: "tool-calls",
        usage: { inputTokens: { uncached: 1, total: 1 }, outputTokens: { total: 2, text: 2 } },
        metadata: { acme: { finishReason: "tool_calls", usage: { prompt_tokens: 1, completion_tokens: 2 } } }
      }
    ])
  })

  it("interleaved pieces find their calls", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "a", function: { name: "add", arguments: `{"n":` } }),
      callDelta({ index: 1, id: "b", function: { name: "add", arguments: `{"n":` } }),
      callDelta({ index: 0, function: { arguments: "1}" } }),
      callDelta({ index: 1, id: "b", function: { name: "add", arguments: "2}" } }),
      stop,
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", { n: 1 }, "a"], ["add", { n: 2 }, "b"]])
    assert.strictEqual(finish(parts).reason, "tool-calls")
  })

  it("without an index: by id, by name, or the one that is open", () => {
    const { parts } = stream([
      callDelta({ id: "a", function: { name: "add", arguments: `{"n":` } }),
      callDelta({ function: { arguments: "1}" } }),
      callDelta({ id: "b", function: { name: "add", arguments: `{"n":` } }),
      callDelta({ id: "b", function: { name: null, arguments: "2}" } }),
      callDelta({ function: { name: "add", arguments: `{"n":3}` } }),
      stop,
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", { n: 1 }, "a"], ["add", { n: 2 }, "b"], [
      "add",
      { n: 3 },
      "call_0_2"
    ]])
  })

  it("with the same index and ids of their own they are several", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "a", function: { name: "add", arguments: `{"n":1}` } }),
      callDelta({ index: 0, id: "b", function: { name: "add", arguments: `{"n":2}` } }),
      stop,
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", { n: 1 }, "a"], ["add", { n: 2 }, "b"]])
  })

  it("ids are made where there are none, and where one comes twice", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "", function: { name: "add", arguments: "{}" } }),
      callDelta({ index: 1, id: "x", function: { name: "add", arguments: "{}" } }),
      callDelta({ index: 2, id: "x", function: { name: "add", arguments: "{}" } }),
      stop,
      done
    ], { callPrefix: "call_m3" })
    assert.deepStrictEqual(calls(parts).map(([, , id]) => id), ["call_m3_0", "x", "call_m3_2"])
  })

  it("a name that comes late holds the arguments back; one that never comes is kept beside the answer", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "a", function: { name: null, arguments: `{"n"` } }),
      callDelta({ index: 0, function: { name: "add", arguments: ":1}" } }),
      callDelta({ index: 1, id: "b", function: { arguments: "{}" } }),
      delta({}, { finish_reason: "tool_calls" }),
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", { n: 1 }, "a"]])
    assert.deepStrictEqual(parts.find((part) => part.type === "tool-params-delta"), {
      type: "tool-params-delta",
      id: "a",
      delta: `{"n":1}`
    })
    assert.deepStrictEqual(finish(parts).acme["unknown"], [{ id: "b", arguments: "{}" }])
  })

  it("arguments that are no JSON stay what they are, and those cut by the limit do not run", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "a", function: { name: "add", arguments: `{"n":` } }),
      delta({}, { finish_reason: "length" }),
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", `{"n":`, "a"]])
    assert.strictEqual(finish(parts).reason, "length")
  })

  it("arguments may come as JSON, `tool_calls` as null, and calls in the form before tools", () => {
    const { parts } = stream([
      delta({ tool_calls: null, content: null }),
      callDelta({ index: 0, id: "a", function: { name: "add", arguments: { n: 1 } } }),
      delta({ function_call: { name: "old", arguments: "{" } }),
      delta({ function_call: { arguments: "}" } }),
      delta({}, { finish_reason: "function_call" }),
      done
    ])
    assert.deepStrictEqual(calls(parts), [["add", { n: 1 }, "a"], ["old", {}, "call_0_1"]])
  })

  it("the input of a free-form tool is text", () => {
    const { parts } = stream([
      callDelta({ index: 0, id: "a", type: "custom", custom: { name: "run", input: "1 " } }),
      callDelta({ index: 0, custom: { input: "+ 1" } }),
      delta({}, { finish_reason: "tool_calls" }),
      done
    ], { toolName: (name) => name.toUpperCase() })
    assert.deepStrictEqual(parts.find((part) => part.type === "tool-call"), {
      type: "tool-call",
      id: "a",
      name: "RUN",
      params: "1 + 1",
      metadata: { acme: { type: "custom_tool_call" } }
    })
  })
})

describe("files and sources", () => {
  it("citations are sources, other annotations and broken addresses are kept", () => {
    const citation = { url: "https://example.com/a", title: "A", start_index: 0, end_index: 4, content: "…" }
    const file = { type: "file", file: { hash: "h" } }
    const broken = { type: "url_citation", url_citation: { url: "not a url" } }
    const { parts } = stream([
      delta({ content: "text" }),
      delta({ annotations: [{ type: "url_citation", url_citation: citation }, file, broken] }),
      stop,
      done
    ])
    assert.deepStrictEqual(parts.find((part) => part.type === "source"), {
      type: "source",
      sourceType: "url",
      id: "source_0",
      url: "https://example.com/a",
      title: "A",
      metadata: { acme: { annotation: citation } }
    })
    assert.deepStrictEqual(finish(parts).acme["unknown"], [file, broken])
  })

  it("spoken answers are one file, put together from its pieces", () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64")
    const { parts } = stream([
      delta({ audio: { id: "audio_1", transcript: "Hel" } }),
      delta({ audio: { data: base64("a") } }),
      delta({ audio: { data: base64("bcd"), transcript: "lo" } }),
      delta({ audio: { expires_at: 9 } }),
      stop,
      done
    ], { audioFormat: "pcm16" })
    assert.deepStrictEqual(inside(parts), [{
      type: "file",
      mediaType: "audio/pcm",
      data: base64("abcd"),
      metadata: { acme: { audioId: "audio_1", transcript: "Hello", expiresAt: 9 } }
    }])
  })

  it("images are files", () => {
    const image = (url: string) => ({ type: "image_url", image_url: { url } })
    const elsewhere = image("https://example.com/a.png")
    const { parts } = stream([delta({ images: [image("data:image/png;base64,iVBORw=="), elsewhere] }), stop, done])
    assert.deepStrictEqual(inside(parts), [{ type: "file", mediaType: "image/png", data: "iVBORw==" }])
    assert.deepStrictEqual(finish(parts).acme["unknown"], [elsewhere])
  })
})

describe("the end", () => {
  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "content-filter"],
    ["insufficient_system_resource", "error"],
    ["error", "error"],
    ["brand_new", "other"]
  ])("%s → %s", (raw, reason) => {
    const { parts } = stream([delta({ content: "x" }), delta({}, { finish_reason: raw }), done])
    assert.strictEqual(finish(parts).reason, reason)
    assert.strictEqual(finish(parts).acme["finishReason"], raw)
  })

  it("is known without `[DONE]`, once, and nothing follows it", () => {
    assert.strictEqual(finish(stream([delta({ content: "x" }), stop]).parts).reason, "stop")
    const { parts } = stream([delta({ content: "x" }), stop, done, delta({ content: "more" }), done])
    assert.strictEqual(finish(parts).reason, "stop")
    assert.strictEqual(parts.filter((part) => part.type === "finish").length, 1)
  })

  it("a stream that stops before it is an error, with what came", () => {
    for (const events of [[], [done], [chunk({ choices: [] }), done], [chunk({ id: "c1", choices: [], usage: {} })]]) {
      assert.strictEqual(kind(stream(events).error), "StreamInterrupted")
    }
    const { error, parts } = stream([delta({ content: "x" })])
    assert.strictEqual(kind(error), "StreamInterrupted")
    assert.deepStrictEqual(parts.map((part) => part.type), ["response-metadata", "text-start", "text-delta"])
  })

  it("without a reason but with `[DONE]`, tool calls are whole and text is of unknown end", () => {
    assert.strictEqual(finish(stream([delta({ content: "x" }), done]).parts).reason, "unknown")
    const call = callDelta({ index: 0, id: "a", function: { name: "add", arguments: "{}" } })
    assert.strictEqual(finish(stream([call, done]).parts).reason, "tool-calls")
  })

  it("token counts: cached, written and reasoning tokens, in whichever chunk they come", () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 5 }
    }
    const expected = {
      inputTokens: { uncached: 30, total: 100, cacheRead: 60, cacheWrite: 10 },
      outputTokens: { total: 20, text: 15, reasoning: 5 }
    }
    const start = delta({ content: "x" })
    const counted = [
      [start, stop, chunk({ choices: [], usage })],
      [start, delta({}, { finish_reason: "stop" }, { usage })],
      [start, delta({}, { finish_reason: "stop", usage })],
      [start, delta({}, { finish_reason: "stop" }, { x_groq: { usage } })],
      [delta({ content: "x" }, {}, { usage: { prompt_tokens: 1 } }), stop, chunk({ choices: [], usage })]
    ]
    for (const events of counted) {
      const last = finish(stream([...events, done]).parts)
      assert.deepStrictEqual(last.usage, expected)
      assert.deepStrictEqual(last.acme["usage"], usage)
    }
  })

  it("reasoning that is not among the completion tokens is added to them", () => {
    const details = { completion_tokens_details: { reasoning_tokens: 5 } }
    const usage = (total: number) => ({ prompt_tokens: 10, completion_tokens: 2, total_tokens: total, ...details })
    const output = (total: number) =>
      (finish(stream([delta({ content: "x" }), stop, chunk({ choices: [], usage: usage(total) }), done]).parts)
        .usage as {
          outputTokens: unknown
        }).outputTokens
    assert.deepStrictEqual(output(17), { total: 7, text: 2, reasoning: 5 })
    assert.deepStrictEqual(output(12), { total: 2, text: 0, reasoning: 5 })
  })
})

describe("nothing is lost", () => {
  it("log probabilities are joined", () => {
    const token = (token: string) => ({ token, logprob: -0.1, bytes: [1], top_logprobs: [] })
    const { parts } = stream([
      delta({ role: "assistant", content: "" }, { logprobs: { content: [], refusal: null } }),
      delta({ content: "a" }, { logprobs: { content: [token("a")], refusal: null } }),
      delta({ content: "b" }, { logprobs: { content: [token("b")], refusal: null } }),
      stop,
      done
    ])
    assert.deepStrictEqual(finish(parts).acme["logprobs"], { content: [token("a"), token("b")] })
  })

  it("further choices are put together beside the answer", () => {
    const other = (index: number, delta: object, more: object = {}) =>
      chunk({ id: "c1", choices: [{ index, delta, ...more }] })
    const { parts } = stream([
      delta({ content: "A" }),
      other(1, { role: "assistant", content: "B" }),
      other(1, { content: "ee" }),
      other(1, { tool_calls: [{ index: 0, id: "x", function: { name: "add", arguments: "{" } }] }),
      stop,
      other(1, { tool_calls: [{ index: 0, function: { arguments: "}" } }] }, { finish_reason: "tool_calls" }),
      done
    ])
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []), ["A"])
    assert.deepStrictEqual(calls(parts), [])
    assert.deepStrictEqual(finish(parts).acme["choices"], [{
      index: 1,
      message: {
        role: "assistant",
        content: "Bee",
        tool_calls: [{ index: 0, id: "x", function: { name: "add", arguments: "{}" } }]
      },
      finish_reason: "tool_calls"
    }])
  })

  it("members, events and values nobody has heard of are kept and fail nothing", () => {
    const { error, parts } = stream([
      chunk({ id: "", model: "", choices: [], prompt_filter_results: [{ hate: "safe" }] }),
      chunk(null),
      chunk({ tick: 1 }, "ping"),
      delta({ content: "x", mood: "gl" }, {}, { service_tier: "default", system_fingerprint: "fp", provider: "Z" }),
      delta({ mood: "ad" }, { matched_stop: 7 }),
      delta({}, { finish_reason: "stop", native_finish_reason: "STOP" }, { citations: ["https://example.com"] }),
      done
    ])
    assert.isUndefined(error)
    assert.strictEqual(parts[0]?.type === "response-metadata" ? parts[0].id : undefined, "c1")
    assert.deepStrictEqual(finish(parts).acme, {
      finishReason: "stop",
      nativeFinishReason: "STOP",
      serviceTier: "default",
      systemFingerprint: "fp",
      message: { mood: "glad" },
      choice: { matched_stop: 7 },
      response: { prompt_filter_results: [{ hate: "safe" }], provider: "Z", citations: ["https://example.com"] },
      unknown: [{ event: "message", data: null }, { event: "ping", data: { tick: 1 } }]
    })
  })

  it("they are kept of calls and sources", () => {
    const google = { thought_signature: "signed" }
    const { parts } = stream([
      callDelta({ index: 0, id: "a", function: { name: "f", arguments: "{" }, extra_content: { google } }),
      callDelta({ index: 0, function: { arguments: "}" }, note: "late" }),
      delta({ annotations: [{ type: "url_citation", url_citation: { url: "https://example.com/" }, score: 0.5 }] }),
      stop,
      done
    ])
    const metadata = (type: string) => parts.find((part) => part.type === type)?.metadata
    assert.deepStrictEqual(metadata("tool-call"), { acme: { more: { extra_content: { google }, note: "late" } } })
    assert.deepStrictEqual(metadata("source"), {
      acme: { annotation: { url: "https://example.com/" }, more: { score: 0.5 } }
    })
  })

  it("they are kept of a piece of text, too", () => {
    const { parts } = stream([
      delta({ content: "a" }, {}, { system_fingerprint: "fp" }),
      delta({ content: "b" }, { content_filter_results: { hate: "safe" } }, { system_fingerprint: "fp" }),
      delta({ content: "c" }, {}, { citations: ["https://example.com"] }),
      stop,
      done
    ])
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []), ["a", "b", "c"])
    assert.deepStrictEqual(finish(parts).acme, {
      finishReason: "stop",
      systemFingerprint: "fp",
      choice: { content_filter_results: { hate: "safe" } },
      response: { citations: ["https://example.com"] }
    })
  })

  it("a whole answer in place of a stream is read as one", () => {
    const { error, parts } = stream([{
      event: EventStream.bodyEvent,
      data: {
        id: "c1",
        choices: [{
          message: {
            role: "assistant",
            content: "Hi",
            tool_calls: [{ id: "a", function: { name: "add", arguments: "{}" } }]
          }
        }]
      }
    }])
    assert.isUndefined(error)
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []), ["Hi"])
    assert.deepStrictEqual(calls(parts), [["add", {}, "a"]])
    assert.strictEqual(finish(parts).reason, "tool-calls")
  })
})

describe("errors in a stream that began well", () => {
  it.each([
    [chunk({ error: { message: "overloaded", code: 503 } })],
    [chunk({ error: "out of memory" })],
    [chunk({ object: "error", message: "bad", code: 400 })],
    [chunk({ detail: "gone" }, "error")],
    [chunk({ error: { message: "late" } }, EventStream.bodyEvent)],
    [chunk({ id: "c1", choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", error: { code: 502 } }] })]
  ])("%j", (event) => {
    const { error, parts } = stream([delta({ content: "x" }), event, stop, done])
    assert.strictEqual(kind(error), "ProviderFailed")
    assert.deepStrictEqual(parts.map((part) => part.type), ["response-metadata", "text-start", "text-delta"])
  })

  it("an error that is null or empty is none", () => {
    const { error } = stream([
      delta({ content: "x" }, {}, { error: null }),
      delta({}, { finish_reason: "stop" }, { error: "" }),
      done
    ])
    assert.isUndefined(error)
  })
})
