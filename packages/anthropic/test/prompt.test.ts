import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect } from "effect"
import { Prompt, Response } from "effect/ai"
import * as AnthropicTool from "../src/AnthropicTool.ts"
import { encode, messages } from "./fixtures/request.ts"

const png = "iVBORw0KGgo="
const newest = "claude-opus-5-5"
const text = (value: string) => ({ type: "text" as const, text: value })

const call = (
  id: string,
  name = "weather",
  options: Prompt.ToolCallPartOptions = {},
  params: { readonly value: unknown } = { value: { city: "Lima" } }
) => Prompt.makePart("tool-call", { id, name, params: params.value, providerExecuted: false, options })

const nothing = Prompt.makePart("tool-result", {
  id: "b",
  name: "weather",
  isFailure: false,
  result: undefined,
  providerExecuted: false
})

const result = (id: string, value: unknown = "sunny", rest: { isFailure?: boolean; name?: string } = {}) =>
  Prompt.makePart("tool-result", {
    id,
    name: rest.name ?? "weather",
    isFailure: rest.isFailure ?? false,
    result: value,
    providerExecuted: false
  })

const user = (...content: ReadonlyArray<Prompt.UserMessagePart>) => Prompt.makeMessage("user", { content })
const assistant = (...content: ReadonlyArray<Prompt.AssistantMessagePart>) =>
  Prompt.makeMessage("assistant", { content })
const tool = (...content: ReadonlyArray<Prompt.ToolMessagePart>) => Prompt.makeMessage("tool", { content })
const say = (value: string) => Prompt.makePart("text", { text: value })
const system = (content: string, options?: Prompt.SystemMessageOptions) =>
  Prompt.makeMessage("system", { content, ...(options === undefined ? undefined : { options }) })
const of = (...all: ReadonlyArray<Prompt.Message>) => Prompt.fromMessages(all)

describe("turns", () => {
  it.effect("consecutive messages of a side are one turn, results of tools first", () =>
    Effect.gen(function*() {
      const prompt = of(
        user(say("Weather?")),
        assistant(say("I look."), call("a"), call("b")),
        user(say("And hurry")),
        tool(result("a")),
        tool(result("b", { degrees: 20 })),
        user(say("Thanks"))
      )
      assert.deepStrictEqual(yield* messages({ prompt }), [
        { role: "user", content: [text("Weather?")] },
        {
          role: "assistant",
          content: [
            text("I look."),
            { type: "tool_use", id: "a", name: "weather", input: { city: "Lima" } },
            { type: "tool_use", id: "b", name: "weather", input: { city: "Lima" } }
          ]
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: "sunny" },
            { type: "tool_result", tool_use_id: "b", content: "{\"degrees\":20}" },
            text("And hurry"),
            text("Thanks")
          ]
        }
      ])
    }))

  it.effect("empty texts and messages are left out, because the API refuses them", () =>
    Effect.gen(function*() {
      const prompt = of(user(say("Hi")), assistant(say("")), user(say(""), say("there")))
      assert.deepStrictEqual(yield* messages({ prompt }), [{ role: "user", content: [text("Hi"), text("there")] }])
    }))

  it.effect("so are texts of white space, wherever they are", () =>
    Effect.gen(function*() {
      // "messages: text content blocks must contain non-whitespace text"
      const prompt = of(system("\n"), user(say(" "), say("Hi")), assistant(say("\n\n")), user(say("there ")))
      const { body, warnings } = yield* encode({ prompt })
      assert.deepStrictEqual(body.messages, [{ role: "user", content: [text("Hi"), text("there ")] }])
      assert.isUndefined(body.system)
      assert.deepStrictEqual(warnings, [])
    }))

  it.effect("a prompt that is empty or of system messages alone is an error", () =>
    Effect.gen(function*() {
      for (const prompt of [of(system("Be brief")), ""]) {
        const error = yield* Effect.flip(encode({ prompt }))
        assert.strictEqual(ProviderError.kindOf(error), "InvalidRequest")
        assert.include(error.message, "The prompt is empty, or has system messages alone")
      }
    }))
})

describe("system", () => {
  it.effect("all first messages are kept, with their marks", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({
        prompt: of(
          system("One", { anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } }),
          system("Two"),
          user(say("Hi"))
        )
      })
      assert.deepStrictEqual(body.system, [
        { type: "text", text: "One", cache_control: { type: "ephemeral", ttl: "1h" } },
        { type: "text", text: "Two" }
      ])
    }))

  const later = of(system("First"), user(say("A")), assistant(say("B")), system("Later"), user(say("C")))

  it.effect("later ones follow the first on models that take none in the middle", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({ model: "claude-sonnet-4-6", prompt: later })
      assert.deepStrictEqual(body.system, [text("First"), text("Later")])
      assert.deepStrictEqual(body.messages.map((message) => message.role), ["user", "assistant", "user"])
    }))

  // Placement: platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages#limitations
  it.effect("later ones end their user turn on models that take them", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({ model: newest, prompt: later })
      assert.deepStrictEqual(body.system, [text("First")])
      assert.deepStrictEqual<unknown>(body.messages, [
        { role: "user", content: [text("A")] },
        { role: "assistant", content: [text("B")] },
        { role: "user", content: [text("C")] },
        { role: "system", content: [text("Later")] }
      ])
    }))

  it.effect("one between a call and its result comes after the result", () =>
    Effect.gen(function*() {
      const prompt = of(user(say("A")), assistant(call("a")), system("Now"), tool(result("a")))
      const sent = yield* messages({ model: newest, prompt })
      assert.deepStrictEqual(sent.map((message) => message.role), ["user", "assistant", "user", "system"])
    }))

  it.effect("one without a user turn to follow joins the first", () =>
    Effect.gen(function*() {
      const prompt = of(user(say("A")), assistant(say("B")), system("S"), assistant(say("C")), user(say("D")))
      const { body } = yield* encode({ model: newest, prompt })
      assert.deepStrictEqual(body.system, [text("S")])
      assert.deepStrictEqual<unknown>(body.messages, [
        { role: "user", content: [text("A")] },
        { role: "assistant", content: [text("B"), text("C")] },
        { role: "user", content: [text("D")] }
      ])
    }))
})

describe("files", () => {
  const file = (
    part: Omit<Prompt.FilePart, "type" | "options" | "~effect/ai/Prompt/Part"> & { options?: Prompt.FilePartOptions }
  ) => Effect.map(messages({ prompt: of(user(Prompt.makePart("file", part))) }), (sent) => sent[0]?.content[0])

  it.effect("images: bytes, address, id", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* file({ mediaType: "image/*", data: png, fileName: undefined }), {
        type: "image",
        source: { type: "base64", media_type: "image/png", data: png }
      })
      assert.deepStrictEqual(
        yield* file({ mediaType: "image/jpeg", data: new URL("https://a.example/b.jpg"), fileName: undefined }),
        {
          type: "image",
          source: { type: "url", url: "https://a.example/b.jpg" }
        }
      )
      assert.deepStrictEqual(yield* file({ mediaType: "image/*", data: "https://a.example/b", fileName: undefined }), {
        type: "image",
        source: { type: "url", url: "https://a.example/b" }
      })
      assert.deepStrictEqual(yield* file({ mediaType: "image/png", data: "file_011", fileName: undefined }), {
        type: "image",
        source: { type: "file", file_id: "file_011" }
      })
    }))

  it.effect("PDFs, with title, context and citations", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* file({
          mediaType: "application/pdf",
          data: "JVBERi0=",
          fileName: "paper.pdf",
          options: {
            anthropic: { context: "Draft", citations: { enabled: true }, cacheControl: { type: "ephemeral" } }
          }
        }),
        {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
          title: "paper.pdf",
          context: "Draft",
          citations: { enabled: true },
          cache_control: { type: "ephemeral" }
        }
      )
      assert.deepStrictEqual(
        yield* file({
          mediaType: "application/pdf",
          data: new URL("https://a.example/b.pdf"),
          fileName: undefined,
          options: { anthropic: { title: "B" } }
        }),
        { type: "document", source: { type: "url", url: "https://a.example/b.pdf" }, title: "B" }
      )
    }))

  it.effect("text documents, and types whose bytes are text", () =>
    Effect.gen(function*() {
      for (const mediaType of ["text/plain", "text/markdown", "application/json"]) {
        assert.deepStrictEqual(
          yield* file({ mediaType, data: new TextEncoder().encode("grün"), fileName: undefined }),
          { type: "document", source: { type: "text", media_type: "text/plain", data: "grün" } }
        )
      }
    }))

  it.effect("an uploaded file goes into the container where that is asked for", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* file({
          mediaType: "text/csv",
          data: "file_9",
          fileName: undefined,
          options: { anthropic: { containerUpload: true } }
        }),
        { type: "container_upload", file_id: "file_9" }
      )
    }))

  it.effect("what has no form is refused before the network", () =>
    Effect.gen(function*() {
      const refused = [
        { mediaType: "image/tiff", data: png },
        { mediaType: "image/tiff", data: new URL("https://a.example/b.tiff") },
        { mediaType: "application/zip", data: png },
        { mediaType: "text/plain", data: new URL("https://a.example/b.txt") },
        { mediaType: "text/csv", data: png, options: { anthropic: { containerUpload: true } } }
      ]
      for (const part of refused) {
        const error = yield* Effect.flip(file({ fileName: undefined, ...part }))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported", part.mediaType)
      }
      const none = yield* Effect.flip(file({ fileName: undefined, mediaType: "image/png", data: "not base64!" }))
      assert.strictEqual(ProviderError.kindOf(none), "InvalidRequest")
    }))

  it.effect("a text can be a search result", () =>
    Effect.gen(function*() {
      const part = Prompt.makePart("text", {
        text: "Water boils at 100 °C.",
        options: { anthropic: { searchResult: { source: "https://a.example", title: "Water", citations: true } } }
      })
      assert.deepStrictEqual((yield* messages({ prompt: of(user(part)) }))[0]?.content, [{
        type: "search_result",
        source: "https://a.example",
        title: "Water",
        content: [text("Water boils at 100 °C.")],
        citations: { enabled: true }
      }])
    }))
})

describe("tool results", () => {
  it.effect("failures, nothing, and what the tool shows the model", () =>
    Effect.gen(function*() {
      const shown = Prompt.makePart("tool-result", {
        id: "c",
        name: "weather",
        isFailure: false,
        result: { secret: 1 },
        modelOutput: [
          say("A map:"),
          Prompt.makePart("file", { mediaType: "image/png", data: png, fileName: undefined })
        ],
        providerExecuted: false
      })
      const prompt = of(
        user(say("Hi")),
        assistant(call("a"), call("b"), call("c")),
        tool(result("a", "no such city", { isFailure: true }), nothing, shown)
      )
      assert.deepStrictEqual((yield* messages({ prompt }))[2]?.content, [
        { type: "tool_result", tool_use_id: "a", content: "no such city", is_error: true },
        { type: "tool_result", tool_use_id: "b" },
        {
          type: "tool_result",
          tool_use_id: "c",
          content: [text("A map:"), { type: "image", source: { type: "base64", media_type: "image/png", data: png } }]
        }
      ])
    }))

  it.effect("a failure is text, and never empty", () =>
    Effect.gen(function*() {
      // "content cannot be empty if `is_error` is true", "all content must be type 'text' if 'is_error' is true".
      const failed = (id: string, ...modelOutput: ReadonlyArray<Prompt.ToolModelOutputPart>) =>
        Prompt.makePart("tool-result", {
          id,
          name: "weather",
          isFailure: true,
          result: null,
          modelOutput,
          providerExecuted: false
        })
      const map = Prompt.makePart("file", { mediaType: "image/png", data: png, fileName: undefined })
      const prompt = of(
        user(say("Hi")),
        assistant(call("a"), call("b"), call("c"), call("d")),
        tool(result("a", " ", { isFailure: true }), failed("b"), failed("c", say("No station."), map), failed("d", map))
      )
      const { body, warnings } = yield* encode({ prompt })
      const content = "The tool failed and said nothing."
      assert.deepStrictEqual(body.messages[2]?.content, [
        { type: "tool_result", tool_use_id: "a", content, is_error: true },
        { type: "tool_result", tool_use_id: "b", content, is_error: true },
        { type: "tool_result", tool_use_id: "c", content: [text("No station.")], is_error: true },
        { type: "tool_result", tool_use_id: "d", content, is_error: true }
      ])
      assert.deepStrictEqual(warnings.map((warning) => warning.about), ["prompt", "prompt"])
    }))

  it.effect("blocks in the options are sent in place of the result", () =>
    Effect.gen(function*() {
      const content = [{ type: "tool_reference", tool_name: "weather" }]
      const found = Prompt.makePart("tool-result", {
        id: "a",
        name: "find_tools",
        isFailure: false,
        result: ["weather"],
        providerExecuted: false,
        options: { anthropic: { content } }
      })
      const prompt = of(user(say("Hi")), assistant(call("a")), tool(found))
      assert.deepStrictEqual((yield* messages({ prompt }))[2]?.content, [
        { type: "tool_result", tool_use_id: "a", content }
      ])
    }))

  it.effect("handlers of Anthropic's own tools may give blocks", () =>
    Effect.gen(function*() {
      const screen = [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }]
      const prompt = of(
        user(say("Hi")),
        assistant(call("a", "AnthropicComputerToolset", { anthropic: { name: "screenshot", toolset: "computer" } })),
        tool(result("a", screen, { name: "AnthropicComputerToolset" }))
      )
      const sent = yield* messages({ prompt, tools: [AnthropicTool.ComputerToolset({})] })
      assert.deepStrictEqual(sent.slice(1), [
        {
          role: "assistant",
          content: [{
            type: "tool_use",
            id: "a",
            name: "screenshot",
            input: { city: "Lima" },
            toolset_name: "computer"
          }]
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "a", content: screen, toolset_name: "computer" }]
        }
      ])
    }))

  // `^[a-zA-Z0-9_-]+$`: platform.claude.com/docs/en/api/messages, `tool_use.id`
  it.effect("ids of other vendors are brought into the form the API takes, the same on call and result", () =>
    Effect.gen(function*() {
      const prompt = of(
        user(say("Hi")),
        assistant(call("fc.1|x"), call("fc/1|x"), call("toolu_1")),
        tool(result("fc.1|x"), result("fc/1|x"), result("toolu_1"))
      )
      const sent = JSON.stringify(yield* messages({ prompt }))
      const ids = [...sent.matchAll(/"(?:id|tool_use_id)":"([^"]*)"/g)].map((found) => String(found[1]))
      assert.strictEqual(ids.length, 6)
      assert.deepStrictEqual(ids.slice(0, 3), ids.slice(3))
      assert.strictEqual(new Set(ids).size, 3)
      assert.strictEqual(ids[2], "toolu_1")
      for (const id of ids) assert.match(id, /^[a-zA-Z0-9_-]+$/)
    }))

  it.effect("an id that looks like an encoded one stays apart from it", () =>
    Effect.gen(function*() {
      const taken = `id_${Buffer.from("a.b").toString("base64url")}`
      const prompt = of(user(say("Hi")), assistant(call("a.b"), call(taken)), tool(result("a.b"), result(taken)))
      const content = (yield* messages({ prompt }))[1]?.content
      assert.deepStrictEqual(content?.map((block) => block["id"]), [`${taken}_`, taken])
    }))
})

describe("assistant messages", () => {
  it.effect("arguments that are no object are wrapped into one", () =>
    Effect.gen(function*() {
      const broken = call("a", "weather", {}, { value: "{\"city\": \"Li" })
      const none = call("b", "weather", {}, { value: undefined })
      const prompt = of(user(say("Hi")), assistant(broken, none), tool(result("a"), result("b")))
      assert.deepStrictEqual((yield* messages({ prompt }))[1]?.content, [
        { type: "tool_use", id: "a", name: "weather", input: { value: "{\"city\": \"Li" } },
        { type: "tool_use", id: "b", name: "weather", input: {} }
      ])
    }))

  it.effect("thinking goes back unmodified and in order", () =>
    Effect.gen(function*() {
      const parts: ReadonlyArray<Response.AnyPart> = [
        Response.makePart("reasoning", { text: "Hm.", metadata: { anthropic: { signature: "s1" } } }),
        Response.makePart("reasoning", { text: "", metadata: { anthropic: { redactedData: "r1" } } }),
        Response.makePart("reasoning", {
          text: "",
          metadata: { anthropic: { block: { type: "compaction", content: "So far" } } }
        }),
        Response.makePart("text", { text: "Lima." })
      ]
      const prompt = Prompt.concat(Prompt.concat(Prompt.make("Capital?"), Prompt.fromResponseParts(parts)), "Sure?")
      assert.deepStrictEqual((yield* messages({ prompt }))[1]?.content, [
        { type: "thinking", thinking: "Hm.", signature: "s1" },
        { type: "redacted_thinking", data: "r1" },
        { type: "compaction", content: "So far" },
        text("Lima.")
      ])
    }))

  it.effect("reasoning and hosted calls of other vendors are left out with a warning", () =>
    Effect.gen(function*() {
      const search = { id: "ws_1", name: "OpenAiWebSearch", providerExecuted: true } as const
      const prompt = of(
        user(say("Hi")),
        assistant(
          Prompt.makePart("reasoning", { text: "Hm.", options: { openai: { itemId: "rs_1" } } }),
          Prompt.makePart("tool-call", { ...search, params: {} }),
          Prompt.makePart("tool-result", { ...search, isFailure: false, result: {} }),
          say("Yes")
        ),
        user(say("Ok"))
      )
      const { body, warnings } = yield* encode({ prompt })
      assert.deepStrictEqual(body.messages[1]?.content, [text("Yes")])
      assert.deepStrictEqual(warnings.map((warning) => warning.about), ["prompt", "prompt", "prompt"])
    }))

  it.effect("citations go back, without the members requests do not have", () =>
    Effect.gen(function*() {
      const citation = {
        type: "page_location",
        cited_text: "x",
        document_index: 0,
        document_title: null,
        file_id: null
      }
      const prompt = of(
        user(say("Hi")),
        assistant(Prompt.makePart("text", { text: "Yes", options: { anthropic: { citations: [citation] } } })),
        user(say("Ok"))
      )
      assert.deepStrictEqual((yield* messages({ prompt }))[1]?.content, [{
        type: "text",
        text: "Yes",
        citations: [{ type: "page_location", cited_text: "x", document_index: 0, document_title: null }]
      }])
    }))

  it.effect("a file in one is refused", () =>
    Effect.gen(function*() {
      const image = Prompt.makePart("file", { mediaType: "image/png", data: png, fileName: undefined })
      const error = yield* Effect.flip(encode({ prompt: of(user(say("Draw")), assistant(image), user(say("Bigger"))) }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("tools are named as on the wire, with or without their declaration", () =>
    Effect.gen(function*() {
      const prompt = of(
        user(say("Hi")),
        assistant(call("a", "AnthropicBash"), call("b", "Renamed", { anthropic: { name: "bash" } })),
        tool(result("a"), result("b"))
      )
      const content = (yield* messages({ prompt, tools: [AnthropicTool.Bash({})] }))[1]?.content
      assert.deepStrictEqual(content?.map((block) => block["name"]), ["bash", "bash"])
    }))
})

describe("cache marks", () => {
  const cacheControl = { type: "ephemeral" } as const
  const marked = { options: { anthropic: { cacheControl } } }

  it.effect("of a part stay with it, of a message go to its last block", () =>
    Effect.gen(function*() {
      const prompt = of(
        Prompt.makeMessage("user", { content: [Prompt.makePart("text", { text: "A", ...marked }), say("B")] }),
        Prompt.makeMessage("assistant", {
          content: [
            say("C"),
            call("a"),
            Prompt.makePart("reasoning", { text: "Hm.", options: { anthropic: { signature: "s" } } })
          ],
          ...marked
        }),
        Prompt.makeMessage("tool", { content: [result("a")], ...marked }),
        Prompt.makeMessage("user", { content: [say("D")], ...marked })
      )
      const sent = yield* messages({ prompt })
      const places = sent.flatMap(({ content }) => content.map((block) => `${block.type} ${"cache_control" in block}`))
      assert.deepStrictEqual(places, [
        "text true",
        "text false",
        "text false",
        "tool_use true",
        "thinking false",
        "tool_result true",
        "text true"
      ])
    }))
})

describe("the end of the prompt", () => {
  const prefilled = of(user(say("Name?")), assistant(say("My name is ")))

  it.effect("an assistant message is continued by models that can, without white space at its end", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({ prompt: prefilled })
      assert.deepStrictEqual(body.messages[1]?.content, [text("My name is")])
      assert.strictEqual(warnings.length, 1)
    }))

  it.effect("it is refused for models since Claude 4.6", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(encode({ prompt: prefilled, model: "claude-opus-4-6" }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("a turn that Anthropic paused is continued by every model", () =>
    Effect.gen(function*() {
      const prompt = of(
        user(say("Search")),
        assistant(Prompt.makePart("tool-call", {
          id: "srvtoolu_1",
          name: "AnthropicWebSearch",
          params: { query: "x" },
          providerExecuted: true,
          options: { anthropic: { type: "server_tool_use", name: "web_search" } }
        }))
      )
      const sent = yield* messages({ prompt, model: newest, tools: [AnthropicTool.WebSearch({})] })
      assert.deepStrictEqual(sent[1]?.content, [
        { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } }
      ])
    }))
})
