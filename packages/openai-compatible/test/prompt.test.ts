import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Prompt, Response } from "effect/ai"
import { encode, messages, refusal } from "./fixtures/dialect.ts"

const call = (id: string, params: unknown, name = "add") =>
  Prompt.makePart("tool-call", { id, name, params, providerExecuted: false })
const result = (id: string, value: unknown, name = "add") =>
  Prompt.makePart("tool-result", { id, name, isFailure: false, result: value, providerExecuted: false })
const assistant = (...content: ReadonlyArray<Prompt.AssistantMessagePart>) =>
  Prompt.makeMessage("assistant", { content })
const tool = (...content: ReadonlyArray<Prompt.ToolMessagePart>) => Prompt.makeMessage("tool", { content })
const user = (...content: ReadonlyArray<Prompt.UserMessagePart>) => Prompt.makeMessage("user", { content })
const text = (text: string, acme?: Prompt.ProviderOptions[string]) =>
  Prompt.makePart("text", { text, ...(acme === undefined ? undefined : { options: { acme } }) })

describe("system and user messages", () => {
  it.effect("a text alone is a string, several parts are a list", () =>
    Effect.gen(function*() {
      const prompt = Prompt.make([
        { role: "system", content: "Be brief." },
        { role: "user", content: "One" },
        { role: "user", content: [{ type: "text", text: "Two" }, { type: "text", text: "" }] }
      ])
      assert.deepStrictEqual(yield* messages(prompt), [
        { role: "system", content: "Be brief." },
        { role: "user", content: "One" },
        { role: "user", content: [{ type: "text", text: "Two" }, { type: "text", text: "" }] }
      ])
      assert.deepStrictEqual(yield* messages([{ role: "user", content: [] }]), [{ role: "user", content: "" }])
    }))

  it.effect("the role of system messages: the message's own, the setting, the server's", () =>
    Effect.gen(function*() {
      const own = Prompt.makeMessage("system", { content: "b", options: { acme: { role: "system" } } })
      const prompt = Prompt.fromMessages([Prompt.makeMessage("system", { content: "a" }), own])
      const roles = (encoded: unknown) => (encoded as ReadonlyArray<{ role: string }>).map((one) => one.role)
      assert.deepStrictEqual(roles(yield* messages(prompt)), ["system", "system"])
      assert.deepStrictEqual(roles(yield* messages(prompt, { quirks: { systemRole: "developer" } })), [
        "developer",
        "system"
      ])
      assert.deepStrictEqual(roles(yield* messages(prompt, { settings: { systemRole: "developer" } })), [
        "developer",
        "system"
      ])
    }))

  it.effect("names and cache breakpoints", () =>
    Effect.gen(function*() {
      const mark = { promptCacheBreakpoint: { mode: "explicit" } } as const
      const prompt = Prompt.fromMessages([
        Prompt.makeMessage("system", { content: "Long.", options: { acme: { ...mark, name: "boss" } } }),
        Prompt.makeMessage("user", { content: [text("a", mark), text("b")], options: { acme: mark } })
      ])
      const wire = { prompt_cache_breakpoint: { mode: "explicit" } }
      assert.deepStrictEqual(yield* messages(prompt), [
        { role: "system", content: [{ type: "text", text: "Long.", ...wire }], name: "boss" },
        { role: "user", content: [{ type: "text", text: "a", ...wire }, { type: "text", text: "b", ...wire }] }
      ])
    }))
})

describe("files", () => {
  const file = (mediaType: string, data: string | Uint8Array | URL, more: Partial<Prompt.FilePart> = {}) =>
    Prompt.fromMessages([user(Prompt.makePart("file", { mediaType, data, ...more }))])
  const content = (encoded: unknown) => (encoded as ReadonlyArray<{ content: unknown }>)[0]?.content

  it.effect("images: bytes and base64 as data URLs, addresses as they are, with the detail asked for", () =>
    Effect.gen(function*() {
      const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
      assert.deepStrictEqual(content(yield* messages(file("image/*", png))), [
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } }
      ])
      assert.deepStrictEqual(content(yield* messages(file("image/jpeg", "/9j/"))), [
        { type: "image_url", image_url: { url: "data:image/jpeg;base64,/9j/" } }
      ])
      const detailed = file("image/png", new URL("https://example.com/a.png"), { options: { acme: { detail: "low" } } })
      assert.deepStrictEqual(content(yield* messages(detailed)), [
        { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } }
      ])
    }))

  it.effect("PDF: with its name or one made up, by id, by address where the server takes them", () =>
    Effect.gen(function*() {
      const quirks = { fileIds: /^file-/ }
      assert.deepStrictEqual(content(yield* messages(file("application/pdf", "JVBERi0=", { fileName: "a.pdf" }))), [
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } }
      ])
      assert.deepStrictEqual(content(yield* messages(file("application/pdf", "JVBERi0="))), [
        { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } }
      ])
      assert.deepStrictEqual(content(yield* messages(file("application/pdf", "file-1"), { quirks })), [
        { type: "file", file: { file_id: "file-1" } }
      ])
      const url = file("application/pdf", new URL("https://example.com/a.pdf"))
      assert.deepStrictEqual(content(yield* messages(url, { quirks: { fileUrls: true } })), [
        { type: "file", file: { filename: "document.pdf", file_data: "https://example.com/a.pdf" } }
      ])
      assert.deepStrictEqual(yield* refusal(messages(url)), {
        kind: "Unsupported",
        message: "AcmeLanguageModel.generateText: Invalid request: parameter 'prompt'. acme-1 does not support "
          + "application/pdf as a URL. Use a model that can, or ask without it."
      })
    }))

  it.effect("text goes as text, audio and video in forms of their own", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(content(yield* messages(file("text/plain", "aGk=", { fileName: "a.txt" }))), "a.txt:\nhi")
      assert.deepStrictEqual(content(yield* messages(file("text/csv", "YSxi"))), "a,b")
      assert.deepStrictEqual(content(yield* messages(file("audio/mpeg", "SUQz"))), [
        { type: "input_audio", input_audio: { data: "SUQz", format: "mp3" } }
      ])
      assert.deepStrictEqual(content(yield* messages(file("audio/x-wav", "UklG"))), [
        { type: "input_audio", input_audio: { data: "UklG", format: "wav" } }
      ])
      assert.deepStrictEqual(content(yield* messages(file("video/mp4", new URL("https://example.com/a.mp4")))), [
        { type: "video_url", video_url: { url: "https://example.com/a.mp4" } }
      ])
    }))

  it.effect("what has no form is an error and not left out", () =>
    Effect.gen(function*() {
      const asked = [
        file("image/png", "file-1"),
        file("audio/flac", "ZkxhQw=="),
        file("audio/wav", new URL("https://example.com/a.wav")),
        file("text/plain", new URL("https://example.com/a.txt")),
        file("application/zip", "UEsDBA==")
      ]
      for (const prompt of asked) {
        const { kind } = yield* refusal(messages(prompt, { quirks: { fileIds: /^file-/, anyFile: false } }))
        assert.strictEqual(kind, "Unsupported")
      }
      const none = yield* refusal(messages(file("image/png", "not base64!")))
      assert.strictEqual(none.kind, "InvalidRequest")
      assert.deepStrictEqual(content(yield* messages(file("application/zip", "UEsDBA=="))), [
        { type: "file", file: { filename: "file", file_data: "data:application/zip;base64,UEsDBA==" } }
      ])
    }))
})

describe("assistant and tool messages", () => {
  it.effect("text, calls and results", () =>
    Effect.gen(function*() {
      const prompt = Prompt.fromMessages([
        assistant(text("Let me "), text("see."), call("c1", { a: 1 }), call("c2", undefined, "now")),
        tool(result("c1", { sum: 3 }), result("c2", "noon", "now"), result("c3", undefined))
      ])
      assert.deepStrictEqual(yield* messages(prompt), [
        {
          role: "assistant",
          content: "Let me see.",
          tool_calls: [
            { id: "c1", type: "function", function: { name: "add", arguments: `{"a":1}` } },
            { id: "c2", type: "function", function: { name: "now", arguments: "{}" } }
          ]
        },
        { role: "tool", tool_call_id: "c1", content: `{"sum":3}` },
        { role: "tool", tool_call_id: "c2", content: "noon" },
        { role: "tool", tool_call_id: "c3", content: "null" }
      ])
    }))

  it.effect("calls made at once are one message, however the history has them; later ones are another", () =>
    Effect.gen(function*() {
      const prompt = Prompt.fromMessages([
        assistant(call("c1", {})),
        assistant(text("And"), call("c2", {})),
        tool(result("c1", 1)),
        tool(result("c2", 2)),
        assistant(call("c3", {})),
        tool(result("c3", 3))
      ])
      const wire = (id: string) => ({ id, type: "function", function: { name: "add", arguments: "{}" } })
      assert.deepStrictEqual(yield* messages(prompt), [
        { role: "assistant", content: "And", tool_calls: [wire("c1"), wire("c2")] },
        { role: "tool", tool_call_id: "c1", content: "1" },
        { role: "tool", tool_call_id: "c2", content: "2" },
        { role: "assistant", content: "", tool_calls: [wire("c3")] },
        { role: "tool", tool_call_id: "c3", content: "3" }
      ])
    }))

  it.effect("Google's signature of the thought goes back with the call, other members do not", () =>
    Effect.gen(function*() {
      const more = { extra_content: { google: { thought_signature: "signed" } }, note: "x" }
      const options = { acme: { more } }
      const signed = Prompt.makePart("tool-call", {
        id: "c1",
        name: "add",
        params: {},
        providerExecuted: false,
        options
      })
      const [first] = (yield* messages(Prompt.fromMessages([assistant(signed)]))) as ReadonlyArray<unknown>
      assert.deepStrictEqual(first, {
        role: "assistant",
        content: "",
        tool_calls: [{
          id: "c1",
          type: "function",
          function: { name: "add", arguments: "{}" },
          extra_content: more.extra_content
        }]
      })
    }))

  it.effect("no text beside calls is what the server wants it to be", () =>
    Effect.gen(function*() {
      const prompt = Prompt.fromMessages([assistant(call("c1", {}))])
      const content = (encoded: unknown) => (encoded as ReadonlyArray<{ content: unknown }>)[0]?.content
      assert.strictEqual(content(yield* messages(prompt)), "")
      assert.strictEqual(content(yield* messages(prompt, { quirks: { emptyContent: null } })), null)
    }))

  it.effect("ids the server refuses are replaced in the call and in its result", () =>
    Effect.gen(function*() {
      const id = "toolu_".padEnd(60, "x")
      const prompt = Prompt.fromMessages([assistant(call(id, {})), tool(result(id, 1))])
      const [first, second] =
        (yield* messages(prompt, { quirks: { toolCallIds: { pattern: /^.{1,40}$/s, length: 14 } } })) as [
          { tool_calls: [{ id: string }] },
          { tool_call_id: string }
        ]
      assert.match(first.tool_calls[0].id, /^[a-z0-9]{14}$/)
      assert.strictEqual(second.tool_call_id, first.tool_calls[0].id)
    }))

  it.effect("refusals, free-form calls, spoken answers", () =>
    Effect.gen(function*() {
      const refused = Prompt.fromMessages([assistant(text("No.", { refusal: true }))])
      assert.deepStrictEqual(yield* messages(refused), [{ role: "assistant", content: "No." }])
      assert.deepStrictEqual(yield* messages(refused, { quirks: { refusalParts: true } }), [
        { role: "assistant", content: [{ type: "refusal", refusal: "No." }] }
      ])
      const custom = Prompt.makePart("tool-call", {
        id: "c1",
        name: "run",
        params: "1 + 1",
        providerExecuted: false,
        options: { acme: { type: "custom_tool_call" } }
      })
      const spoken = Prompt.makePart("file", {
        mediaType: "audio/wav",
        data: "UklG",
        options: { acme: { audioId: "audio_1" } }
      })
      assert.deepStrictEqual(yield* messages(Prompt.fromMessages([assistant(custom), assistant(spoken)])), [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "c1", type: "custom", custom: { name: "run", input: "1 + 1" } }],
          audio: { id: "audio_1" }
        }
      ])
    }))

  it.effect("results with texts and files: as parts where the server takes them, else as text with a warning", () =>
    Effect.gen(function*() {
      const shown = Prompt.makePart("tool-result", {
        id: "c1",
        name: "look",
        isFailure: false,
        result: {},
        providerExecuted: false,
        modelOutput: [
          Prompt.makePart("text", { text: "Seen" }),
          Prompt.makePart("file", { mediaType: "image/png", data: "iVBORw==", fileName: "a.png" })
        ]
      })
      const prompt = Prompt.fromMessages([tool(shown)])
      assert.deepStrictEqual(yield* messages(prompt, { quirks: { toolResultParts: true } }), [{
        role: "tool",
        tool_call_id: "c1",
        content: [
          { type: "text", text: "Seen" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } }
        ]
      }])
      const { body, warnings } = yield* encode({ prompt })
      assert.deepStrictEqual(body["messages"], [
        { role: "tool", tool_call_id: "c1", content: "Seen\n[image/png a.png omitted]" }
      ])
      assert.deepStrictEqual(warnings, [
        { about: "prompt", message: "1 of the files in the result of look were left out: results are text" }
      ])
    }))
})

describe("what another provider left in the history", () => {
  const reasoning = (text: string, acme?: Prompt.ProviderOptions[string]) =>
    Prompt.makePart("reasoning", { text, ...(acme === undefined ? undefined : { options: { acme } }) })

  it.effect("reasoning is left out with a warning; the server's own without", () =>
    Effect.gen(function*() {
      const foreign = yield* encode({ prompt: Prompt.fromMessages([assistant(reasoning("Hm."), text("4"))]) })
      assert.deepStrictEqual(foreign.body["messages"], [{ role: "assistant", content: "4" }])
      assert.deepStrictEqual(foreign.warnings, [{
        about: "prompt",
        message: "reasoning of another provider was left out"
      }])
      const own = yield* encode({
        prompt: Prompt.fromMessages([assistant(reasoning("Hm.", { field: "reasoning" }), text("4"))])
      })
      assert.deepStrictEqual(own.body["messages"], [{ role: "assistant", content: "4" }])
      assert.deepStrictEqual(own.warnings, [])
      assert.deepStrictEqual(yield* messages(Prompt.fromMessages([assistant(reasoning("Hm."))])), [])
    }))

  it.effect("reasoning goes back in the member the server has for it", () =>
    Effect.gen(function*() {
      const prompt = Prompt.fromMessages([assistant(reasoning("Hm."), reasoning("So."), text("4"))])
      assert.deepStrictEqual(yield* messages(prompt, { quirks: { reasoningField: "reasoning_content" } }), [
        { role: "assistant", content: "4", reasoning_content: "Hm.\nSo." }
      ])
      const details = [{ type: "reasoning.text", text: "Hm.", signature: "s", index: 0 }]
      const detailed = Prompt.fromMessages([
        assistant(reasoning("Hm.", { field: "reasoning", reasoningDetails: details }), call("c", {}))
      ])
      assert.deepStrictEqual(yield* messages(detailed, { quirks: { reasoningField: "reasoning_details" } }), [{
        role: "assistant",
        content: "",
        reasoning_details: details,
        tool_calls: [{ id: "c", type: "function", function: { name: "add", arguments: "{}" } }]
      }])
      assert.deepStrictEqual(yield* messages(prompt, { quirks: { reasoningField: "reasoning_details" } }), [
        { role: "assistant", content: "4", reasoning: "Hm.\nSo." }
      ])
    }))

  it.effect("tools another API ran itself and files it made are left out with warnings", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({
        prompt: Prompt.fromMessages([assistant(
          Prompt.makePart("tool-call", { id: "s1", name: "search", params: {}, providerExecuted: true }),
          Prompt.makePart("tool-result", {
            id: "s1",
            name: "search",
            isFailure: false,
            result: [],
            providerExecuted: true
          }),
          Prompt.makePart("file", { mediaType: "image/png", data: "iVBORw==" }),
          Prompt.makePart("tool-approval-request", { approvalId: "a", toolCallId: "s1" }),
          text("Found.")
        )])
      })
      assert.deepStrictEqual(body["messages"], [{ role: "assistant", content: "Found." }])
      assert.deepStrictEqual(warnings.map((one) => one.message), [
        "the call of search, which another API ran itself, was left out",
        "the result of search, which another API ran itself, was left out",
        "a file of the assistant (image/png) was left out: the API takes files from users alone"
      ])
    }))

  it.effect("an answer of this provider comes back as it was", () =>
    Effect.gen(function*() {
      const parts = [
        Response.makePart("text", { text: "I add." }),
        Response.makePart("tool-call", { id: "c1", name: "add", params: { a: 1 }, providerExecuted: false }),
        Response.makePart("tool-call", { id: "c2", name: "add", params: { a: 2 }, providerExecuted: false }),
        Response.makePart("tool-result", {
          id: "c1",
          name: "add",
          isFailure: false,
          result: 1,
          encodedResult: 1,
          providerExecuted: false,
          preliminary: false
        })
      ]
      assert.deepStrictEqual(yield* messages(Prompt.fromResponseParts(parts)), [
        {
          role: "assistant",
          content: "I add.",
          tool_calls: [
            { id: "c1", type: "function", function: { name: "add", arguments: `{"a":1}` } },
            { id: "c2", type: "function", function: { name: "add", arguments: `{"a":2}` } }
          ]
        },
        { role: "tool", tool_call_id: "c1", content: "1" }
      ])
    }))
})

it.effect("an answer at the end, to go on with, is refused where the model cannot", () =>
  Effect.gen(function*() {
    const user = { role: "user", content: "Name?" } as const
    const assistant = { role: "assistant", content: "My name is" } as const
    const rule = { role: "system", content: "Be brief" } as const
    const capabilities = { prefill: false }
    for (const prompt of [[user, assistant], [user, assistant, rule]]) {
      assert.isArray(yield* messages(prompt))
      const { kind, message } = yield* refusal(messages(prompt, { capabilities }))
      assert.strictEqual(kind, "Unsupported")
      assert.include(message, "assistant message at the end")
    }
    assert.isArray(yield* messages([user, assistant, user], { capabilities }))
  }))
