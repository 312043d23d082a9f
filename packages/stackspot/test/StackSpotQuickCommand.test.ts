import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Duration, Effect, Fiber, Schedule } from "effect"
import { AiError } from "effect/ai"
import { TestClock } from "effect/testing"
import * as StackSpotQuickCommand from "../src/StackSpotQuickCommand.ts"
import { client, json, stub, tokenPath } from "./fixtures/stackspot.ts"

const id = "01EXECUTION"

/** Source: ai.stackspot.com/docs, Remote Quick Commands, "Example". */
const execution = (status: string, more: object = {}) => ({
  execution_id: id,
  quick_command_slug: "explain-code",
  progress: { start: "2026-10-01T00:00:00Z", status, execution_percentage: 0.5 },
  steps: [],
  result: null,
  ...more
})

const completed = execution("COMPLETED", {
  steps: [{ type: "LLM", step_name: "explain", step_result: { answer: "A constant." } }],
  result: "A constant."
})

/** What is asked after gives the answers in turn, the last for good. */
const serving = (...answers: ReadonlyArray<unknown>) =>
  Effect.map(
    stub((request) => request.method === "POST" ? json(id) : answerOf(answers)),
    ({ fetch, ...server }) => ({ server, layer: client({ fetch }) })
  ).pipe(Effect.tap(() => Effect.sync(() => given = 0)))

let given = 0
const answerOf = (answers: ReadonlyArray<unknown>): LoopbackServer.Plan => {
  const answer = answers[Math.min(given++, answers.length - 1)]
  return json(answer)
}

const asked = (server: Pick<LoopbackServer.LoopbackServer, "requests">) =>
  Effect.map(server.requests, (all) => all.filter(({ path }) => path !== tokenPath))

/** Runs it to its end, however long the waits. */
const run = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect)
    for (let step = 0; step < 400 && fiber.pollUnsafe() === undefined; step++) {
      yield* Effect.promise(() => new Promise((resume) => setImmediate(resume)))
      yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })

describe("execute", () => {
  it.effect("starts a command and asks after it until it has completed", () =>
    Effect.gen(function*() {
      const { layer, server } = yield* serving(
        { ...execution(""), progress: null },
        execution("CREATED"),
        execution("RUNNING"),
        execution("SOMETHING_NEW"),
        completed
      )
      const done = yield* run(
        StackSpotQuickCommand.execute("explain/code", { code: "const x = 1" }, { conversationId: "c 1" }).pipe(
          Effect.provide(layer)
        )
      )
      assert.strictEqual(done.status, "COMPLETED")
      assert.strictEqual(done.result, "A constant.")
      assert.deepStrictEqual(
        done.steps.map(({ answer, name, type }) => ({ answer, name, type })),
        [{ answer: "A constant.", name: "explain", type: "LLM" }]
      )
      const [create, ...polls] = yield* asked(server)
      assert.strictEqual(create?.path, "/v1/quick-commands/create-execution/explain%2Fcode?conversationId=c%201")
      assert.deepStrictEqual(JSON.parse(create?.body ?? ""), { input_data: { code: "const x = 1" } })
      assert.lengthOf(polls, 5)
      for (const poll of polls) {
        assert.strictEqual(poll.method, "GET")
        assert.strictEqual(poll.path, `/v1/quick-commands/callback/${id}`)
        assert.strictEqual(poll.body, "")
        assert.strictEqual(poll.headers["authorization"], "Bearer token-1")
      }
    }))

  it.effect("waits five seconds between two questions, or what the schedule says", () =>
    Effect.gen(function*() {
      for (const [options, seconds] of [[{}, 5], [{ schedule: Schedule.spaced("20 seconds") }, 20]] as const) {
        const { layer, server } = yield* serving(execution("RUNNING"), completed)
        const running = yield* Effect.forkChild(Effect.provide(StackSpotQuickCommand.wait(id, options), layer))
        yield* server.received(2)
        yield* turns
        yield* TestClock.adjust(Duration.millis(seconds * 1000 - 1))
        yield* turns
        assert.lengthOf(yield* asked(server), 1)
        yield* TestClock.adjust(1)
        assert.strictEqual((yield* Fiber.join(running)).status, "COMPLETED")
      }
    }))

  it.effect("fails where the command does, with all that is known", () =>
    Effect.gen(function*() {
      for (const status of ["FAILURE", "FAILED"]) {
        const { layer } = yield* serving(execution("RUNNING"), execution(status, { result: "No such model" }))
        const error = yield* Effect.flip(run(Effect.provide(StackSpotQuickCommand.execute("x", "y"), layer)))
        if (error._tag !== "QuickCommandFailed") throw error
        assert.strictEqual(error.execution.id, id)
        assert.strictEqual(error.execution.status, status)
        assert.include(error.message, "No such model")
      }
    }))

  it.effect("is given up after ten minutes, or what the caller says, and can be gone on with", () =>
    Effect.gen(function*() {
      const { layer } = yield* serving(execution("RUNNING"))
      const waits = [
        [{ timeout: "12 seconds" }, "within 12s"],
        [{ schedule: Schedule.max([Schedule.spaced("5 seconds"), Schedule.recurs(2)]) }, "when its schedule did"]
      ] as const
      for (const [options, words] of waits) {
        const error = yield* Effect.flip(run(Effect.provide(StackSpotQuickCommand.execute("x", "y", options), layer)))
        if (error._tag !== "QuickCommandTimedOut") throw error
        assert.strictEqual(error.executionId, id)
        assert.strictEqual(error.status, "RUNNING")
        assert.include(error.message, words)
      }
    }))

  it.effect("fails with AiError where a request does", () =>
    Effect.gen(function*() {
      const limit = {
        type: "TooManyRequests",
        code: "CODEBUDDY_1044_QUICK_COMMAND_RATE_LIMIT_EXCEEDED",
        details: "You have reached the limit of 100 executions"
      }
      const cases = [
        [json(limit, 429), json(completed), "RateLimited", "create"],
        [json({ no: "id" }), json(completed), "InvalidResponse", "create"],
        [json(id), json([]), "InvalidResponse", "get"],
        [json(id), json({ code: "X", details: "gone" }, 404), "InvalidRequest", "get"]
      ] as const
      for (const [created, polled, kind, method] of cases) {
        const { fetch } = yield* stub((request) => request.method === "POST" ? created : polled)
        const error = yield* Effect.flip(
          Effect.provide(StackSpotQuickCommand.execute("x", "y"), client({ fetch }))
        )
        if (!AiError.isAiError(error)) throw error
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.strictEqual(error.module, "StackSpotQuickCommand")
        assert.strictEqual(error.method, method)
      }
    }))

  it.effect("stops asking when it is interrupted", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub((request) => request.method === "POST" ? json(id) : "silence")
      const running = yield* Effect.forkChild(
        Effect.provide(StackSpotQuickCommand.execute("x", "y"), client({ fetch }))
      )
      yield* server.received(3)
      yield* Fiber.interrupt(running)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))
})

const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resume) => setImmediate(resume))
})
