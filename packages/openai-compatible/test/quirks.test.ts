import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Tool } from "effect/ai"
import { defaultQuirks, type Quirks } from "../src/internal/quirks.ts"
import { answer, chunk, delta, done, encode, finish, messages, stream, whole } from "./fixtures/dialect.ts"

const streamWith = (own: Partial<Quirks>, events: Parameters<typeof stream>[0]) =>
  stream(events, { quirks: { ...defaultQuirks, ...own } })

const cached = { options: { acme: { cacheControl: { type: "ephemeral" } } } } as const
const cache_control = { type: "ephemeral" }
const quirks = { cacheControl: true }

describe("cacheControl", () => {
  it.effect("marks parts, and of a message its last part", () =>
    Effect.gen(function*() {
      const sent = yield* messages([
        { role: "system", content: "Rules", ...cached },
        { role: "user", content: [{ type: "text", text: "a", ...cached }, { type: "text", text: "b" }] },
        { role: "user", content: [{ type: "text", text: "c" }, { type: "text", text: "d" }], ...cached },
        { role: "assistant", content: [{ type: "text", text: "e" }], ...cached },
        { role: "assistant", content: [{ type: "text", text: "f", ...cached }] }
      ], { quirks })
      assert.deepStrictEqual(sent, [
        { role: "system", content: [{ type: "text", text: "Rules", cache_control }] },
        { role: "user", content: [{ type: "text", text: "a", cache_control }, { type: "text", text: "b" }] },
        { role: "user", content: [{ type: "text", text: "c" }, { type: "text", text: "d", cache_control }] },
        { role: "assistant", content: [{ type: "text", text: "e", cache_control }] },
        { role: "assistant", content: [{ type: "text", text: "f", cache_control }] }
      ])
    }))

  it.effect("marks texts alone: a file that was marked is told of", () =>
    Effect.gen(function*() {
      const image = { type: "file", mediaType: "image/png", data: "https://example.com/a.png" } as const
      const { body, warnings } = yield* encode({
        prompt: [
          { role: "user", content: [{ type: "text", text: "a" }, image], ...cached },
          { role: "user", content: [{ ...image, ...cached }] },
          { role: "user", content: [image], ...cached }
        ],
        quirks
      })
      const image_url = { type: "image_url", image_url: { url: "https://example.com/a.png" } }
      assert.deepStrictEqual(body["messages"], [
        { role: "user", content: [{ type: "text", text: "a", cache_control }, image_url] },
        { role: "user", content: [image_url] },
        { role: "user", content: [image_url] }
      ])
      assert.lengthOf(warnings, 2)
    }))

  const call = { type: "tool-call", id: "c1", name: "add", params: {}, providerExecuted: false } as const
  const result = { type: "tool-result", id: "c1", name: "add", isFailure: false, result: 5 } as const

  it.effect("marks results; a message of calls alone cannot be marked, which is said", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({
        prompt: [
          { role: "assistant", content: [call, { ...call, id: "c2" }], ...cached },
          { role: "tool", content: [{ ...result, ...cached }, { ...result, id: "c2" }], ...cached }
        ],
        quirks
      })
      const content = [{ type: "text", text: "5", cache_control }]
      assert.deepStrictEqual(Object(body["messages"]).slice(1), [
        { role: "tool", tool_call_id: "c1", content },
        { role: "tool", tool_call_id: "c2", content }
      ])
      assert.lengthOf(warnings, 1)
    }))

  it.effect("is not sent where the server does not have it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* messages([{ role: "system", content: "Rules", ...cached }]), [
        { role: "system", content: "Rules" }
      ])
    }))
})

describe("answerImages", () => {
  const prompt = [
    { role: "assistant", content: [{ type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" }] }
  ] as const

  it.effect("images of an answer go back with it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* messages(prompt, { quirks: { answerImages: true } }), [{
        role: "assistant",
        content: "",
        images: [{ image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }]
      }])
    }))

  it.effect("are left out with a warning elsewhere", () =>
    Effect.gen(function*() {
      const { warnings } = yield* encode({ prompt })
      assert.lengthOf(warnings, 1)
    }))
})

it.effect("refusalMember: a refusal goes back as one", () =>
  Effect.gen(function*() {
    const refusal = { type: "text", text: "No.", options: { acme: { refusal: true } } } as const
    const prompt = [{ role: "assistant", content: [{ type: "text", text: "Hm." }, refusal] }] as const
    assert.deepStrictEqual(yield* messages(prompt, { quirks: { refusalMember: true } }), [
      { role: "assistant", content: "Hm.", refusal: "No." }
    ])
    assert.deepStrictEqual(yield* messages(prompt), [{ role: "assistant", content: "Hm.No." }])
  }))

it.effect("messages with calls that follow one another are one, with the reasoning of all", () =>
  Effect.gen(function*() {
    const turn = (id: string) => ({
      role: "assistant" as const,
      content: [
        { type: "reasoning" as const, text: id, options: { acme: { field: "reasoning", reasoningDetails: [{ id }] } } },
        { type: "tool-call" as const, id, name: "add", params: {}, providerExecuted: false }
      ]
    })
    const [message] = Object(
      yield* messages([turn("a"), turn("b")], { quirks: { reasoningField: "reasoning_details" } })
    )
    assert.deepStrictEqual(message.reasoning_details, [{ id: "a" }, { id: "b" }])
  }))

describe("failsOnErrorReason", () => {
  const events = [
    delta({ content: "Hel" }),
    delta({ content: "lo" }, { finish_reason: "error", native_finish_reason: "MALFORMED" }),
    done
  ]

  it("an answer that ends in error is a failure after its parts", () => {
    const { error, parts } = streamWith({ failsOnErrorReason: true }, events)
    assert.include(String(error), "MALFORMED")
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []), [
      "Hel",
      "lo"
    ])
  })

  it("by default the reason is the finish reason", () => {
    const { error, parts } = stream(events)
    assert.isUndefined(error)
    assert.strictEqual(finish(parts).reason, "error")
  })
})

it("an error next to a piece of the answer leaves the piece", () => {
  const { error, parts } = stream([
    delta({ content: "Hel" }),
    chunk({ choices: [{ index: 0, delta: { content: "lo" }, finish_reason: "error" }], error: { message: "Gone" } })
  ])
  assert.include(String(error), "Gone")
  assert.lengthOf(parts.filter((part) => part.type === "text-delta"), 2)
})

it("finishMembers: members of the response get names of their own", () => {
  const { parts } = streamWith({ finishMembers: { server: "upstream" } }, [
    chunk({ server: "a", other: 1, choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] }),
    done
  ])
  const { acme } = finish(parts)
  assert.deepStrictEqual([acme["upstream"], acme["response"]], ["a", { other: 1 }])
})

describe("reasoning details of a stream", () => {
  const detail = (fields: object) => delta({ reasoning_details: [{ type: "reasoning.text", index: 0, ...fields }] })
  const kept = (events: Parameters<typeof stream>[0]) =>
    stream([...events, delta({ content: "Hi" }, { finish_reason: "stop" }), done]).parts.flatMap((part) =>
      part.type === "reasoning-end" ? [part.metadata?.["acme"]] : []
    )

  it("a text grows, all else is a label", () => {
    assert.deepStrictEqual(
      kept([
        delta({ reasoning_details: [{ type: "reasoning.text", text: "a", provider: "p" }] }),
        delta({ reasoning_details: [{ type: "reasoning.text", text: "b", provider: "p" }] })
      ]),
      [{ reasoningDetails: [{ type: "reasoning.text", text: "ab", provider: "p" }] }]
    )
  })

  it("a signature ends what it signs, and an empty one says nothing", () => {
    assert.deepStrictEqual(
      kept([
        detail({ text: "a" }),
        detail({ text: "b", signature: "one" }),
        detail({ signature: "" }),
        detail({ text: "c" }),
        detail({ signature: "two" })
      ]),
      [{
        reasoningDetails: [
          { type: "reasoning.text", index: 0, text: "ab", signature: "one" },
          { type: "reasoning.text", index: 0, text: "c", signature: "two" }
        ]
      }]
    )
  })

  it("encrypted details are not put together", () => {
    const encrypted = (data: string) => ({ type: "reasoning.encrypted", index: 0, data })
    assert.deepStrictEqual(
      kept([delta({ reasoning_details: [encrypted("AA==")] }), delta({ reasoning_details: [encrypted("BB==")] })]),
      [{ reasoningDetails: [encrypted("AA=="), encrypted("BB==")] }]
    )
  })
})

it.effect("reasoning details of a whole answer stay as they came", () =>
  Effect.gen(function*() {
    const details = ["a", "b"].map((text) => ({ type: "reasoning.text", index: 0, text }))
    const parts = yield* whole(answer({ content: "Hi", reasoning_details: details }, { finish_reason: "stop" }))
    assert.deepStrictEqual(
      parts.flatMap((part) => part.type === "reasoning" ? [part.metadata?.["acme"]] : []),
      [{ field: "reasoning", reasoningDetails: details }]
    )
  }))

it.effect("encodeToolMembers: beside the definition of a tool", () =>
  Effect.gen(function*() {
    const { body } = yield* encode({
      tools: [Tool.make("add")],
      encodeToolMembers: (tool) => ({ of: tool.name })
    })
    assert.strictEqual(Object(body["tools"])[0].of, "add")
  }))
