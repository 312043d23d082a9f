import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Api, Attempt } from "./Api.ts"
import { compare } from "./compare.ts"
import { show, valueDifference } from "./difference.ts"
import type { Expectation } from "./expectation/Expectation.ts"
import { at, stringAt, stringLeaves } from "./json.ts"
import type { RecordedExchange } from "./record.ts"
import type { Mount, RecordingServer } from "./serve.ts"

/** How one recording ended; a failure has one line for each difference. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly lines: ReadonlyArray<string> }
  | { readonly kind: "skipped"; readonly reason: string }

const patience = "20 seconds"

/** The provider must have made one request, to the right place, for the model and in the mode asked for. */
const compareAsked = (api: Api, attempt: Attempt, { asked }: Mount): ReadonlyArray<string> => {
  if (asked.length !== 1) return [`${asked.length} requests in place of one`]
  const [request] = asked
  return [
    ...valueDifference("path", api.path, request?.path.split("?")[0]),
    ...valueDifference("model asked for", attempt.model, stringAt(request?.body, "model")),
    ...valueDifference("stream asked for", attempt.stream, at(request?.body, "stream") === true),
    ...compareSaid(attempt.said, stringLeaves(request?.body))
  ]
}

/** Space at the edges of a text may go: some vendors refuse it. */
const compareSaid = (said: ReadonlyArray<string>, sent: ReadonlyArray<string>): ReadonlyArray<string> =>
  said
    .filter((text) => !sent.some((leaf) => leaf.includes(text.trim())))
    .map((text) => `not in the request: ${show(text)}`)

const attemptOnce = (
  server: RecordingServer,
  exchange: RecordedExchange,
  api: Api,
  expected: Expectation,
  attempt: Attempt
): Effect.Effect<{ readonly sent: boolean; readonly lines: ReadonlyArray<string> }> => {
  const mount = server.mount(exchange.response)
  return attempt.run(mount.baseUrl).pipe(
    Effect.timeoutOption(patience),
    Effect.map(Option.match({
      onNone: () => [`no answer after ${patience}`],
      onSome: (observed) => [
        ...compare(expected, observed, attempt),
        ...compareAsked(api, attempt, mount)
      ]
    })),
    Effect.catchCause((cause) => Effect.succeed([`not a typed error: ${Cause.pretty(cause)}`])),
    Effect.map((lines) => ({ sent: mount.asked.length > 0, lines }))
  )
}

/**
 * Runs one exchange. A request that was wrong on purpose, and that the provider refuses before the network, is made again
 * with nothing wrong in it, so that the recorded error is decoded all the same.
 */
export const runExchange = (
  server: RecordingServer,
  exchange: RecordedExchange,
  api: Api
): Effect.Effect<Outcome> =>
  Effect.gen(function*() {
    const expected = yield* Effect.sync(() => api.read(exchange))
    const attempt = yield* Effect.sync(() => api.attempt(exchange, expected))
    const first = yield* attemptOnce(server, exchange, api, expected, attempt)
    const rejected = exchange.response.status >= 400
    const { lines } = rejected && !first.sent
      ? yield* attemptOnce(server, exchange, api, expected, api.plainAttempt(exchange, expected))
      : first
    return lines.length === 0 ? { kind: "passed" as const } : { kind: "failed" as const, lines }
  }).pipe(
    Effect.catchCause((cause) =>
      Effect.succeed<Outcome>({ kind: "failed", lines: [`the runner failed: ${Cause.pretty(cause)}`] })
    )
  )
