import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Schema, Stream } from "effect"
import { type AiError, Chat, LanguageModel, type Response, ResponseIdTracker, Tool, Toolkit } from "effect/ai"
import * as StackSpotLanguageModel from "../src/StackSpotLanguageModel.ts"
import { answer, chatPath, hosts, json, last, model, plans, sse, stub } from "./fixtures/stackspot.ts"

const bodyOf = ({ body }: LoopbackServer.Request): { readonly [member: string]: unknown } => JSON.parse(body)

/** The body of the one chat for a call, with the settings. */
const sent = <A, E>(
  call: Effect.Effect<A, E, LanguageModel.LanguageModel>,
  settings: StackSpotLanguageModel.Config = {}
) =>
  Effect.gen(function*() {
    const { fetch, ...server } = yield* stub(() => json(answer("Hello.")))
    yield* Effect.provide(call, model({ fetch }, settings))
    const chats = (yield* server.requests).filter(({ path }) => path === chatPath)
    assert.lengthOf(chats, 1)
    return chats.map(bodyOf)[0]
  })

const ask = LanguageModel.generateText({ prompt: "Hi" })

describe("a request", () => {
  it.effect("says explicitly what the platform would decide otherwise", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sent(ask), {
        user_prompt: "Hi",
        streaming: false,
        stackspot_knowledge: false,
        return_ks_in_response: true
      })
    }))

  it.effect("has the settings, and what the caller adds", () =>
    Effect.gen(function*() {
      const settings: StackSpotLanguageModel.Config = {
        conversationId: "conv-1",
        stackspotKnowledge: true,
        returnSources: false,
        uploadIds: ["up-1"],
        knowledgeSourceIds: ["ks-1"],
        deepSearch: true,
        agentVersion: 3,
        selectedModel: "model-1",
        extraBody: { show_chat_processing_state: false }
      }
      assert.deepStrictEqual(yield* sent(ask, settings), {
        user_prompt: "Hi",
        streaming: false,
        stackspot_knowledge: true,
        return_ks_in_response: false,
        use_conversation: true,
        conversation_id: "conv-1",
        upload_ids: ["up-1"],
        knowledge_source_ids: ["ks-1"],
        deep_search_ks: true,
        agent_version_number: 3,
        selected_model: "model-1",
        show_chat_processing_state: false
      })
      const override = StackSpotLanguageModel.withConfigOverride({ useConversation: true, uploadIds: ["up-2"] })
      const body = yield* sent(override(ask), { uploadIds: ["up-1"] })
      assert.strictEqual(body?.["use_conversation"], true)
      assert.deepStrictEqual(body?.["upload_ids"], ["up-2"])
    }))

  it.effect("of a stream goes to the same address and asks for events", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(plans(() => sse({ message: "Hel" }, { message: "lo." }, last())))
      const parts = yield* Stream.runCollect(LanguageModel.streamText({ prompt: "Hi" })).pipe(
        Effect.provide(model(hosts(server.url)))
      )
      const [, chat] = yield* server.requests
      assert.strictEqual(chat?.path, chatPath)
      assert.strictEqual(chat?.headers.accept, "text/event-stream")
      assert.strictEqual(chat === undefined ? undefined : bodyOf(chat)["streaming"], true)
      assert.deepStrictEqual(
        parts.map((part) => part.type),
        ["text-start", "text-delta", "text-delta", "text-end", "response-metadata", "finish"]
      )
    }))
})

describe("what the API cannot do", () => {
  const refused = (
    call: Effect.Effect<unknown, unknown, LanguageModel.LanguageModel>,
    settings: StackSpotLanguageModel.Config = {}
  ) =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(() => json(answer("Hello.")))
      // All calls below fail with this.
      const error = (yield* Effect.flip(Effect.provide(call, model({ fetch }, settings)))) as AiError.AiError
      assert.lengthOf(yield* server.requests, 0)
      return ProviderError.kindOf(error)
    })

  it.effect("fails before any request: tools, objects, files, continuations", () =>
    Effect.gen(function*() {
      const Now = Tool.make("now", { success: Schema.String })
      const toolkit = Toolkit.make(Now)
      const withTools = LanguageModel.generateText({ prompt: "Hi", toolkit }).pipe(
        Effect.provide(toolkit.toLayer({ now: () => Effect.succeed("noon") }))
      )
      const schema = Schema.Struct({ city: Schema.String })
      const file = (mediaType: string) =>
        LanguageModel.generateText({
          prompt: [{ role: "user", content: [{ type: "file", mediaType, data: "aGk=" }] }]
        })
      const calls = [
        withTools,
        LanguageModel.generateObject({ prompt: "Hi", schema }),
        file("image/png"),
        file("application/pdf"),
        file("application/zip"),
        LanguageModel.generateText({
          prompt: [{ role: "user", content: "Hi" }, { role: "assistant", content: "Hel" }]
        }),
        LanguageModel.generateText({
          prompt: [
            { role: "user", content: "Hi" },
            {
              role: "assistant",
              content: [{ type: "tool-call", id: "1", name: "now", params: {}, providerExecuted: false }]
            },
            { role: "tool", content: [{ type: "tool-result", id: "1", name: "now", isFailure: false, result: "noon" }] }
          ]
        })
      ]
      for (const call of calls) assert.strictEqual(yield* refused(call), "Unsupported")
      assert.strictEqual(yield* refused(LanguageModel.generateText({ prompt: " " })), "InvalidRequest")
    }))

  it.effect("fails for settings, or leaves them out with a warning", () =>
    Effect.gen(function*() {
      for (
        const settings of [
          { temperature: 0 },
          { topP: 0.5 },
          { stopSequences: ["."] },
          { seed: 1 },
          { maxOutputTokens: 10 },
          { parallelToolCalls: false },
          { strictTools: true }
        ]
      ) {
        assert.strictEqual(yield* refused(ask, settings), "Unsupported")
        const { fetch } = yield* stub(() => json(answer("Hello.")))
        const { content } = yield* Effect.provide(ask, model({ fetch }, { ...settings, unsupported: "warn" }))
        assert.deepStrictEqual(Warning.of(content).map(({ about }) => about), Object.keys(settings))
      }
    }))
})

describe("a conversation", () => {
  it.effect("has its id in the metadata of answers, streamed and plain", () =>
    Effect.gen(function*() {
      const { fetch } = yield* stub((_, index) =>
        index === 0
          ? json(answer("Hello.", { conversation_id: "conv-1" }))
          : sse({ message: "Hello." }, last({ conversation_id: "conv-1" }))
      )
      const layer = model({ fetch }, { useConversation: true })
      const plain = yield* Effect.provide(ask, layer)
      const streamed = yield* Effect.provide(Stream.runCollect(LanguageModel.streamText({ prompt: "Hi" })), layer)
      for (const parts of [plain.content, streamed]) {
        const metadata = parts.find((part) => part.type === "response-metadata")
        assert.strictEqual(metadata?.id, "msg-1")
        assert.strictEqual(metadata?.metadata.stackspot?.conversationId, "conv-1")
        assert.strictEqual(finishOf(parts)?.metadata.stackspot?.conversationId, "conv-1")
      }
    }))

  it.effect("is sent what is new alone, where the answers are tracked", () =>
    Effect.gen(function*() {
      const asked = (settings: StackSpotLanguageModel.Config) =>
        Effect.gen(function*() {
          const { fetch, ...server } = yield* stub((_, index) => json(answer("Hello.", { message_id: `msg-${index}` })))
          yield* Effect.gen(function*() {
            const chat = yield* Chat.fromPrompt("One")
            yield* chat.generateText({ prompt: [] })
            yield* chat.generateText({ prompt: "Two" })
          }).pipe(
            Effect.provideServiceEffect(ResponseIdTracker.ResponseIdTracker, ResponseIdTracker.make),
            Effect.provide(model({ fetch }, settings))
          )
          const chats = (yield* server.requests).filter(({ path }) => path === chatPath)
          return chats.map((request) => bodyOf(request)["user_prompt"])
        })
      assert.deepStrictEqual(yield* asked({ conversationId: "conv-1" }), ["One", "Two"])
      // Without a conversation at StackSpot, nothing of it is there.
      assert.deepStrictEqual(yield* asked({}), ["One", "User:\nOne\n\nAssistant:\nHello.\n\nUser:\nTwo"])
    }))
})

const finishOf = (parts: ReadonlyArray<Response.AnyPart>) => parts.find((part) => part.type === "finish")
