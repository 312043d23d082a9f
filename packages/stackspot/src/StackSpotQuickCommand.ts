/**
 * Remote Quick Commands of StackSpot AI: a command is started, runs there, and is asked after until it has ended.
 *
 * Source: ai.stackspot.com/docs, Remote Quick Commands. Account limits apply to starting one: it fails with `RateLimited`.
 */
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { StackSpotClient } from "./StackSpotClient.ts"

/** Where an execution stands. `CREATED` and `RUNNING` go on; others than these are not documented, and go on as well. */
export type Status = "CREATED" | "RUNNING" | "COMPLETED" | "FAILURE" | "FAILED" | (string & {})

/** One step of an execution. */
export interface Step {
  /** `LLM`, … */
  readonly type: string | undefined
  readonly name: string | undefined
  /** The text of a step that asks a model. */
  readonly answer: string | undefined
  /** As it came. */
  readonly raw: Json.JsonRecord
}

/** An execution, as it stands. */
export interface Execution {
  readonly id: string
  readonly status: Status
  readonly steps: ReadonlyArray<Step>
  /** What the command gives back, once it has completed: a text for most. */
  readonly result: unknown
  /** As it came. */
  readonly raw: Json.JsonRecord
}

/** StackSpot says that the command failed. */
export class QuickCommandFailed extends Data.TaggedError("QuickCommandFailed")<{
  readonly execution: Execution
  readonly message: string
}> {}

/** The command had not ended in the time allowed, or when the schedule ended. It goes on at StackSpot: `wait` for its id. */
export class QuickCommandTimedOut extends Data.TaggedError("QuickCommandTimedOut")<{
  readonly executionId: string
  /** As it was when it was last asked after. */
  readonly status: Status | undefined
  readonly message: string
}> {}

/** How an execution is asked after. */
export interface WaitOptions {
  /** When to ask again. Where it ends, the wait is over. Default: every 5 seconds. */
  readonly schedule?: Schedule.Schedule<unknown> | undefined
  /** The longest wait. Default: 10 minutes. */
  readonly timeout?: Duration.Input | undefined
}

/** What a command is run with. */
export interface Options extends WaitOptions {
  /** The conversation the command belongs to. */
  readonly conversationId?: string | undefined
}

const origin = (method: string): ProviderError.Origin => ({
  provider: "stackspot",
  module: "StackSpotQuickCommand",
  method
})

const root = "/v1/quick-commands"

/** Starts a command by its slug, and gives the id of the execution. */
export const create = (
  slug: string,
  input: string | object,
  options: Pick<Options, "conversationId"> = {}
): Effect.Effect<string, AiError.AiError, StackSpotClient> =>
  Effect.gen(function*() {
    const { quickCommands } = yield* StackSpotClient
    const { conversationId } = options
    const query = conversationId === undefined ? "" : `?conversationId=${encodeURIComponent(conversationId)}`
    const { json } = yield* quickCommands.json({
      origin: origin("create"),
      path: `${root}/create-execution/${encodeURIComponent(slug)}${query}`,
      body: { input_data: input }
    })
    if (typeof json === "string" && json !== "") return json
    return yield* ProviderError.make(origin("create"), "InvalidResponse", {
      description: "The answer is no id of an execution"
    })
  })

/** An execution by its id, as it stands. */
export const get = (id: string): Effect.Effect<Execution, AiError.AiError, StackSpotClient> =>
  Effect.gen(function*() {
    const { quickCommands } = yield* StackSpotClient
    const { json } = yield* quickCommands.json({
      origin: origin("get"),
      method: "GET",
      path: `${root}/callback/${encodeURIComponent(id)}`
    })
    if (Json.isRecord(json)) return decodeExecution(id, json)
    return yield* ProviderError.make(origin("get"), "InvalidResponse", { description: "The answer is no execution" })
  })

/** `progress` may be `null` while nothing has been done. */
const decodeExecution = (id: string, raw: Json.JsonRecord): Execution => ({
  id,
  status: Json.string(Json.record(raw["progress"])["status"]) ?? "CREATED",
  steps: Json.list(raw["steps"]).map((one): Step => {
    const step = Json.record(one)
    return {
      type: Json.string(step["type"]),
      name: Json.string(step["step_name"]),
      answer: Json.string(Json.record(step["step_result"])["answer"]),
      raw: step
    }
  }),
  result: raw["result"],
  raw
})

const defaultTimeout = Duration.minutes(10)

const defaultSchedule = Schedule.spaced("5 seconds")

/** The documentation says `FAILURE`; some clients look for `FAILED`. */
const failures: ReadonlyArray<string> = ["FAILURE", "FAILED"]

const hasEnded = ({ status }: Execution): boolean => status === "COMPLETED" || failures.includes(status)

/**
 * Asks after an execution until it has completed. An interruption ends the asking, not the execution: the API has no way to
 * stop one.
 */
export const wait = (
  id: string,
  options: WaitOptions = {}
): Effect.Effect<Execution, AiError.AiError | QuickCommandFailed | QuickCommandTimedOut, StackSpotClient> =>
  Effect.suspend(() => {
    const timeout = options.timeout ?? defaultTimeout
    let seen: Execution | undefined
    const asked = Effect.map(get(id), (execution) => {
      seen = execution
      return execution
    })
    const late = (why: string) =>
      Effect.fail(
        new QuickCommandTimedOut({
          executionId: id,
          status: seen?.status,
          message: `The execution ${id} had not ended ${why}; it was last seen ${seen?.status ?? "nowhere"}. ` +
            "Allow it more time, or `wait` for its id again."
        })
      )
    return Effect.repeat(asked, { schedule: options.schedule ?? defaultSchedule, until: hasEnded }).pipe(
      Effect.flatMap((): Effect.Effect<Execution, QuickCommandFailed | QuickCommandTimedOut> => {
        if (seen === undefined || !hasEnded(seen)) return late("when its schedule did")
        return failures.includes(seen.status) ? Effect.fail(failed(seen)) : Effect.succeed(seen)
      }),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => late(`within ${Duration.format(Duration.fromInputUnsafe(timeout))}`)
      })
    )
  })

const failed = (execution: Execution): QuickCommandFailed => {
  const said = Json.string(execution.result)
  return new QuickCommandFailed({
    execution,
    message: `The execution ${execution.id} ended with ${execution.status}${said === undefined ? "" : `: ${said}`}`
  })
}

/**
 * Runs a command and gives its execution, once it has completed.
 *
 * @example
 * ```ts
 * import * as StackSpotClient from "@llm-layers/stackspot/StackSpotClient"
 * import * as StackSpotQuickCommand from "@llm-layers/stackspot/StackSpotQuickCommand"
 * import { Effect } from "effect"
 *
 * export const program = StackSpotQuickCommand.execute("explain-code", "const x = 1", { timeout: "2 minutes" }).pipe(
 *   Effect.map((execution) => execution.result),
 *   Effect.catchTag("QuickCommandFailed", (error) => Effect.succeed(error.message)),
 *   Effect.provide(StackSpotClient.layerConfig())
 * )
 * ```
 */
export const execute = (
  slug: string,
  input: string | object,
  options: Options = {}
): Effect.Effect<Execution, AiError.AiError | QuickCommandFailed | QuickCommandTimedOut, StackSpotClient> =>
  Effect.flatMap(create(slug, input, options), (id) => wait(id, options))
