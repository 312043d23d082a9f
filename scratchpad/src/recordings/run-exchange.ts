import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Api, Attempt } from "./Api.ts"
import { compare } from "./compare.ts"
import type { Turn } from "./conversations.ts"
import { valueDifference } from "./difference.ts"
import type { Expectation } from "./expectation/Expectation.ts"
import type { Heard } from "./heard.ts"
import { observe } from "./observe.ts"
import type { RecordedExchange } from "./record.ts"
import { heardDifference } from "./same-parts.ts"
import type { RecordingServer } from "./serve.ts"
import { stubTransport } from "./stub.ts"
import type { Asked, Transport } from "./transport.ts"
import { compareTruncated, truncationsOf } from "./truncate.ts"
import { variantsOf } from "./variants.ts"

/** How one recording went: a line for each difference, and its turn in a conversation. */
export interface Ran {
  readonly lines: ReadonlyArray<string>
  readonly turn?: Turn
}

// By the clock of the machine, which may be busy with other things.
const patience = "1 minute"

/** The provider must have made one request, to the right place, that says what it was asked to say. */
const compareAsked = (api: Api, attempt: Attempt, { asked }: Transport): ReadonlyArray<string> => {
  if (asked.length !== 1) return [`${asked.length} requests in place of one`]
  const [request] = asked
  return request === undefined
    ? []
    : [
      ...valueDifference("path", attempt.path ?? api.path, request.path.split("?")[0]),
      ...attempt.compareAsked(request)
    ]
}

/** What came of a call, or why nothing did. */
type Run = { readonly heard: Heard } | { readonly heard: undefined; readonly lines: ReadonlyArray<string> }

/** Runs a call under a time limit; what is no typed error is a difference. */
const runAttempt = (attempt: Attempt, transport: Transport): Effect.Effect<Run> =>
  attempt.run(transport).pipe(
    Effect.timeoutOption(patience),
    Effect.map(Option.match({
      onNone: (): Run => ({ heard: undefined, lines: [`no answer after ${patience}`] }),
      onSome: (heard): Run => ({ heard })
    })),
    Effect.catchCause((cause) =>
      Effect.succeed<Run>({ heard: undefined, lines: [`not a typed error: ${Cause.pretty(cause)}`] })
    )
  )

interface First {
  readonly asked: Asked | undefined
  readonly heard: Heard | undefined
  readonly lines: ReadonlyArray<string>
}

const attemptOnce = (
  server: RecordingServer,
  exchange: RecordedExchange,
  api: Api,
  expected: Expectation,
  attempt: Attempt
): Effect.Effect<First> =>
  Effect.gen(function*() {
    const transport = server.mount(exchange.response)
    const run = yield* runAttempt(attempt, transport)
    const lines = run.heard === undefined ? run.lines : compare(expected, observe(run.heard), attempt)
    return {
      asked: transport.asked[0],
      heard: run.heard,
      lines: [...lines, ...compareAsked(api, attempt, transport)]
    }
  })

/** The same stream in other pieces, with other line ends, and cut before its end. */
const replay = (
  exchange: RecordedExchange,
  api: Api,
  attempt: Attempt,
  whole: Heard,
  seed: string
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function*() {
    if (api.streams === undefined) return []
    const { response } = exchange
    const lines: Array<string> = []
    for (const { name, pieces } of variantsOf(response, seed)) {
      const run = yield* runAttempt(attempt, stubTransport(response, pieces))
      const found = run.heard === undefined ? run.lines : heardDifference(whole, run.heard)
      lines.push(...found.map((line) => `${name}: ${line}`))
    }
    for (const truncation of yield* truncationsOf(exchange, api.streams, api.read, seed)) {
      const run = yield* runAttempt(attempt, stubTransport(response, [truncation.bytes]))
      const found = run.heard === undefined ? run.lines : compareTruncated(truncation, whole, run.heard)
      lines.push(...found.map((line) => `${truncation.name}: ${line}`))
    }
    return lines
  })

/** Goes on from an answer: what of it is not in the next request. The answer to that is of no interest. */
const goOn = (
  exchange: RecordedExchange,
  attempt: Attempt,
  first: First
): Effect.Effect<{ readonly lines: ReadonlyArray<string>; readonly next?: Asked }> =>
  Effect.gen(function*() {
    const { asked, heard } = first
    if (attempt.next === undefined || heard?.kind !== "answer" || asked === undefined) return { lines: [] }
    const transport = stubTransport(exchange.response)
    const run = yield* runAttempt(
      { ...attempt, run: (to) => attempt.next?.(heard.parts, to) ?? Effect.never },
      transport
    )
    const [next] = transport.asked
    if (next !== undefined) {
      const lines = attempt.compareNext?.(asked, next) ?? []
      return { lines: lines.map((line) => `the next request: ${line}`), next }
    }
    const why = run.heard?.kind === "error" ? run.heard.error.message : ""
    return { lines: [`the next request was not sent: ${why}`] }
  })

/**
 * Runs one exchange. A request that was wrong on purpose, and that the provider refuses before the network, is made again
 * with nothing wrong in it, so that the recorded error is decoded all the same.
 */
export const runExchange = (
  server: RecordingServer,
  exchange: RecordedExchange,
  api: Api,
  seed: string
): Effect.Effect<Ran> =>
  Effect.gen(function*() {
    const expected = yield* Effect.sync(() => api.read(exchange))
    const attempt = yield* Effect.sync(() => api.attempt(exchange, expected))
    const first = yield* attemptOnce(server, exchange, api, expected, attempt)
    const rejected = exchange.response.status >= 400
    const plain = rejected && first.asked === undefined ? api.plainAttempt(exchange, expected) : undefined
    const { heard, lines } = plain === undefined
      ? first
      : yield* attemptOnce(server, exchange, api, expected, plain)
    const streams = exchange.stream && exchange.response.status < 400 && heard !== undefined
    const replayed = streams ? yield* replay(exchange, api, plain ?? attempt, heard, `${seed} ${exchange.id}`) : []
    const next = yield* goOn(exchange, attempt, first)
    const ran: Ran = { lines: [...lines, ...replayed, ...next.lines] }
    if (expected.kind !== "answer") return ran
    return { ...ran, turn: { exchange, answer: expected.whole, next: next.next?.body } }
  }).pipe(
    Effect.catchCause((cause) => Effect.succeed<Ran>({ lines: [`the runner failed: ${Cause.pretty(cause)}`] }))
  )
