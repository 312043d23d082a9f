/** What is wrong with an outcome, in words. */
import { ProviderError } from "@llm-layers/core"
import { Duration } from "effect"
import type { AiError, Response } from "effect/ai"
import { inspect, isDeepStrictEqual } from "node:util"
import { secretEnd } from "./call.ts"
import type { Case, Expected, Fails, Leaves, NoLayer, StartOf, Succeeds, Target } from "./Fault.ts"
import type { Outcome } from "./run-case.ts"

/** `passed` is the time since the case was made, in milliseconds by the clock of the call. */
export const problemsOf = (target: Target, one: Case, outcome: Outcome, passed: number): ReadonlyArray<string> => {
  const [first = [], ...others] = [one.expected, ...one.or ?? []].map((expected) =>
    problemsWith(target, expected, outcome, passed)
  )
  return [
    ...leftBehind(outcome),
    ...outcome.requests.filter(({ path }) => path !== pathOf(target) && path !== target.wire.tokens?.path)
      .map(({ path }) => `asked ${path}`),
    ...(others.some((problems) => problems.length === 0) ? [] : first)
  ]
}

const pathOf = ({ way, wire }: Target): string => way === "streamText" ? wire.streamPath ?? wire.path : wire.path

const leftBehind = ({ closedAfter, ended }: Outcome): ReadonlyArray<string> => [
  ...(ended._tag === "Hung" ? ["hang: the call did not end"] : []),
  ...(ended._tag === "Died" ? [`defect: ${ended.message}`] : []),
  ...(closedAfter === undefined ? ["leak: a socket stayed open"] : [])
]

const problemsWith = (target: Target, expected: Expected, outcome: Outcome, passed: number): ReadonlyArray<string> => {
  switch (expected._tag) {
    case "Fails":
      return ofFailure(target, expected, outcome, passed)
    case "Succeeds":
      return ofSuccess(expected, outcome)
    case "Leaves":
      return ofLeaving(expected, outcome)
    case "NoLayer":
      return ofNoLayer(expected, outcome)
  }
}

/** Nothing, where the two are the same. */
const same = (what: string, actual: unknown, expected: unknown): ReadonlyArray<string> =>
  isDeepStrictEqual(actual, expected)
    ? []
    : [`${what}: ${inspect(actual, { depth: 9, breakLength: Infinity })} in place of ${inspect(expected)}`]

const sameText = (what: string, actual: string, expected: string | StartOf): ReadonlyArray<string> =>
  typeof expected === "string"
    ? same(what, actual, expected)
    : expected.startOf.startsWith(actual)
    ? []
    : same(what, actual, expected)

/** Parts that a stream which was cut has no right to give. */
const ends = (part: Response.AnyPart | Response.PartEncoded): boolean =>
  part.type === "finish" || part.type === "tool-call" || part.type === "tool-result"

const includes = (what: string, text: string, pieces: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  pieces.filter((piece) => !text.includes(piece)).map((piece) => `${what} lacks ${inspect(piece)}: ${text}`)

const endedAs = (outcome: Outcome, tag: Outcome["ended"]["_tag"]): ReadonlyArray<string> =>
  outcome.ended._tag === "Hung" || outcome.ended._tag === "Died" ? [] : [
    `wrong end: ${outcome.ended._tag}${
      outcome.ended._tag === "Failed" ? ` with ${outcome.ended.error.message}` : ""
    } in place of ${tag}`
  ]

const ofFailure = (target: Target, expected: Fails, outcome: Outcome, passed: number): ReadonlyArray<string> => {
  const { ended, parts, ran, requests } = outcome
  if (ended._tag !== "Failed") return endedAs(outcome, "Failed")
  const { error } = ended
  const { reason } = error
  const http = "http" in reason ? reason.http : undefined
  const partial = ProviderError.partial(error)?.parts ?? []
  return [
    ...same("wrong reason", reason._tag, expected.tag),
    ...same("wrong kind", ProviderError.kindOf(error), expected.kind),
    ...same("retryable", error.isRetryable, expected.retryable),
    ...retryAfter(error, expected, passed),
    ...(expected.authentication === undefined
      ? []
      : same("kind of authentication", "kind" in reason ? reason.kind : undefined, expected.authentication)),
    ...Object.entries(expected.reason ?? {}).flatMap(([name, value]) => same(name, Reflect.get(reason, name), value)),
    ...(expected.status === undefined ? [] : same("status", http?.response?.status, expected.status)),
    ...same("module and method", [error.module, error.method], expected.by ?? [target.wire.module, target.way]),
    ...includes("the message", error.message, expected.says),
    ...includes("the error", JSON.stringify(error), expected.keeps),
    ...sameText("text given out", textOf(parts), expected.given ?? ""),
    ...(expected.given === undefined
      ? same("parts given out", parts.filter((part) => part.type !== "response-metadata").length, 0)
      : []),
    ...(expected.partial === undefined ? [] : sameText("text kept", textOf(partial), expected.partial)),
    ...(expected.given === undefined || expected.partial === undefined
      ? []
      : same("text kept and given out", textOf(partial), textOf(parts))),
    ...(expected.kind === "StreamInterrupted"
      ? same("finish and tool parts", [...parts, ...partial].filter(ends), [])
      : []),
    ...same("tools run", ran, []),
    ...same("requests", requests.length, expected.requests ?? 1),
    ...secretIn(error)
  ]
}

const retryAfter = (error: AiError.AiError, { retryAfter: expected }: Fails, passed: number): ReadonlyArray<string> => {
  const actual = error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter)
  if (typeof expected !== "object") return same("retryAfter", actual, expected)
  return actual !== undefined && actual <= expected.passing && actual >= expected.passing - passed
    ? []
    : [`retryAfter: ${actual} in place of ${expected.passing} less ${passed} at most`]
}

/** Nothing of the key is in the error, however it is looked at. */
const secretIn = (error: AiError.AiError): ReadonlyArray<string> => {
  const everything = { depth: 30, showHidden: true } as const
  const shown = [
    inspect(error, everything),
    inspect(error.reason, everything),
    inspect(error.reason.cause, everything),
    inspect(error.cause, everything),
    JSON.stringify(error),
    error.message,
    error.stack ?? ""
  ]
  return shown.some((text) => text.includes(secretEnd)) ? ["the key is in the error"] : []
}

const ofSuccess = (expected: Succeeds, outcome: Outcome): ReadonlyArray<string> => {
  const { parts, ran, requests } = outcome
  if (outcome.ended._tag !== "Succeeded") return endedAs(outcome, "Succeeded")
  return [
    ...same("text", textOf(parts), expected.text),
    ...same("finish parts", parts.filter((part) => part.type === "finish").length, 1),
    ...(expected.parts ?? []).filter((members) => !parts.some((part) => has(part, members)))
      .map((members) => `no part has ${inspect(members)}: ${inspect(parts, { depth: 4 })}`),
    ...same("tools run", ran, expected.ran ?? []),
    ...same("requests", requests.length, expected.requests ?? 1),
    ...includes("the request", requests[0]?.body ?? "", expected.sends === undefined ? [] : [expected.sends])
  ]
}

const has = (value: unknown, members: { readonly [member: string]: unknown }): boolean =>
  typeof value === "object" && value !== null
  && Object.entries(members).every(([name, member]) => {
    const actual: unknown = Reflect.get(value, name)
    if (member instanceof RegExp) return member.test(JSON.stringify(actual))
    return isDeepStrictEqual(actual, member) || (isRecord(member) && has(actual, member))
  })

const isRecord = (value: unknown): value is { readonly [member: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const ofLeaving = ({ requests = 1 }: Leaves, outcome: Outcome): ReadonlyArray<string> =>
  outcome.ended._tag !== "Left" ? endedAs(outcome, "Left") : [
    ...same("requests", outcome.requests.length, requests),
    ...same("answers that the server saw abandoned", outcome.abandoned, requests)
  ]

const ofNoLayer = ({ variable }: NoLayer, outcome: Outcome): ReadonlyArray<string> =>
  outcome.ended._tag !== "NoLayer" ? endedAs(outcome, "NoLayer") : [
    ...includes("the message", outcome.ended.message, [variable]),
    ...same("requests", outcome.requests.length, 0)
  ]

const textOf = (parts: ReadonlyArray<Response.AnyPart | Response.PartEncoded>): string =>
  parts.map((part) => part.type === "text" ? part.text : part.type === "text-delta" ? part.delta : "").join("")
