import { assert, describe, it } from "@effect/vitest"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Effect, Exit, type Layer, Schema, Stream } from "effect"
import { LanguageModel, Prompt, Tool, Toolkit } from "effect/ai"
import * as Fallback from "../../src/Fallback.ts"
import * as RetryBudget from "../../src/internal/retryBudget.ts"

const Charge = Tool.make("Charge", {
  parameters: Schema.Struct({ cents: Schema.Int }),
  success: Schema.String
})
const Approved = Tool.make("Approved", { success: Schema.String, needsApproval: true })
const tools = Toolkit.make(Charge, Approved)

const charge = ScriptedModel.toolCall("Charge", { cents: 5 }, "call_1")
const overloaded = ScriptedModel.fail("Overloaded")
/** A model that is not to be asked. */
const unasked = ScriptedModel.layer([])

/** How often the handlers run, in a call under these models. */
const counted = <A, E>(
  call: (
    runs: { times: number }
  ) => Effect.Effect<A, E, LanguageModel.LanguageModel | Tool.HandlersFor<typeof tools.tools>>,
  models: Layer.Layer<LanguageModel.LanguageModel>,
  handler: Effect.Effect<string> = Effect.succeed("done")
) =>
  Effect.gen(function*() {
    const runs = { times: 0 }
    const run = () => Effect.andThen(Effect.sync(() => runs.times++), handler)
    const exit = yield* Effect.exit(
      call(runs).pipe(
        Effect.provide(tools.toLayer({ Charge: run, Approved: run })),
        Effect.provide(models)
      )
    )
    return { exit, times: runs.times }
  })

const text = { prompt: "Charge", toolkit: tools }

describe("handlers", () => {
  it.effect("run once, of the model that answers", () =>
    Effect.gen(function*() {
      const models = () => Fallback.model([ScriptedModel.layer([overloaded]), ScriptedModel.layer([charge]), unasked])
      const plain = yield* counted(() => LanguageModel.generateText(text), models())
      assert.isTrue(Exit.isSuccess(plain.exit))
      assert.strictEqual(plain.times, 1)
      const streamed = yield* counted(() => Stream.runDrain(LanguageModel.streamText(text)), models())
      assert.isTrue(Exit.isSuccess(streamed.exit))
      assert.strictEqual(streamed.times, 1)
    }))

  it.effect("that have run keep the request with their model: an object that is none after a tool", () =>
    Effect.gen(function*() {
      const schema = Schema.Struct({ ok: Schema.Boolean })
      const { exit, times } = yield* counted(
        () => LanguageModel.generateObject({ ...text, schema }),
        Fallback.model([ScriptedModel.layer([[charge, "no object"]]), unasked])
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.strictEqual(times, 1)
    }))

  it.effect("that fail as a model does are the program's", () =>
    Effect.gen(function*() {
      // A tool that asks a model.
      const Asking = Tool.make("Asking", { success: Schema.String, failure: Schema.Any })
      const asking = Toolkit.make(Asking)
      let times = 0
      const failure = yield* LanguageModel.generateText({ prompt: "Ask", toolkit: asking }).pipe(
        Effect.provide(asking.toLayer({
          Asking: () => Effect.andThen(Effect.sync(() => times++), Effect.fail(overloaded))
        })),
        Effect.provide(Fallback.layer([ScriptedModel.layer([ScriptedModel.toolCall("Asking")]), unasked])),
        Effect.flip
      )
      assert.strictEqual(failure, overloaded)
      assert.strictEqual(times, 1)
    }))

  it.effect("come from a toolkit that is made once for a request", () =>
    Effect.gen(function*() {
      let made = 0
      const toolkit = Effect.tap(tools, () => Effect.sync(() => made++))
      const { exit, times } = yield* counted(
        () => LanguageModel.generateText({ prompt: "Charge", toolkit }),
        Fallback.model([ScriptedModel.layer([overloaded]), ScriptedModel.layer([charge])])
      )
      assert.isTrue(Exit.isSuccess(exit))
      assert.strictEqual(made, 1)
      assert.strictEqual(times, 1)
    }))

  it.effect("do not run where the program resolves calls itself", () =>
    Effect.gen(function*() {
      const response = yield* LanguageModel.generateText({ ...text, disableToolCallResolution: true }).pipe(
        Effect.provide(Fallback.layer([ScriptedModel.layer([overloaded]), ScriptedModel.layer([charge])]))
      )
      assert.deepStrictEqual(response.toolCalls.map(({ name }) => name), ["Charge"])
      assert.strictEqual(Fallback.answeredBy(response)?.member, 1)
    }))

  it.effect("of an approved call run once, before any model is asked: the request stays with the first", () =>
    Effect.gen(function*() {
      const prompt = Prompt.make([
        { role: "user", content: "Do it" },
        {
          role: "assistant",
          content: [
            { type: "tool-call", id: "call_1", name: "Approved", params: {}, providerExecuted: false },
            { type: "tool-approval-request", approvalId: "ok_1", toolCallId: "call_1" }
          ]
        },
        { role: "tool", content: [{ type: "tool-approval-response", approvalId: "ok_1", approved: true }] }
      ])
      for (
        const call of [
          LanguageModel.generateText({ prompt, toolkit: tools }),
          Stream.runDrain(LanguageModel.streamText({ prompt, toolkit: tools }))
        ]
      ) {
        const { exit, times } = yield* counted(
          () => Effect.flip(call),
          Fallback.model([ScriptedModel.layer([overloaded]), unasked])
        )
        assert.isTrue(Exit.isSuccess(exit))
        assert.strictEqual(times, 1)
      }
    }))

  it.effect("ask models with the budget that was around the request", () =>
    Effect.gen(function*() {
      const budgets: Array<RetryBudget.RetryBudget | undefined> = []
      const handler = Effect.as(Effect.map(RetryBudget.Current, (budget) => budgets.push(budget)), "done")
      const { exit } = yield* counted(
        () => LanguageModel.generateText(text),
        Fallback.model([ScriptedModel.layer([charge])]),
        handler
      )
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(budgets, [undefined])
    }))
})
