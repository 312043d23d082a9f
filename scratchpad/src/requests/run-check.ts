/** Runs a check and says what came of it. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { isDeepStrictEqual } from "node:util"
import { capture, type Sent } from "./capture.ts"
import type { Problem } from "./description/explain.ts"
import { missing } from "./missing.ts"
import type { Api, Check } from "./Vendor.ts"

export type Outcome =
  | { readonly kind: "passed"; readonly sent: ReadonlyArray<Sent>; readonly leftOut: ReadonlyArray<string> }
  | { readonly kind: "failed"; readonly sent: ReadonlyArray<Sent>; readonly lines: ReadonlyArray<string> }
  | { readonly kind: "skipped"; readonly reason: string }

/** The problems of a body by its description. */
export type Validated = (operation: string, body: unknown) => ReadonlyArray<Problem>

export const runCheck = (api: Api, check: Check, validated: Validated): Effect.Effect<Outcome> =>
  Effect.gen(function*() {
    const { fetch, sent } = capture(check.answers)
    const exit = yield* Effect.exit(check.run(fetch))
    if (Exit.isFailure(exit)) return refused(exit.cause, check, sent)
    const lines = sent.flatMap((one) => problemsOf(api, one, validated))
    const last = sent.at(-1)
    if (last === undefined) lines.push("nothing was sent")
    if (check.refusedFor.length > 0) {
      lines.push(`was sent, although the model is said not to have ${check.refusedFor.join(", ")}`)
    }
    if (check.object !== undefined && !isDeepStrictEqual(exit.value.object, check.object)) {
      lines.push(`the object came back as ${JSON.stringify(exit.value.object)}`)
    }
    const { warnings } = exit.value
    const lost = missing([...check.said, ...exit.value.said ?? []], last?.body, warnings)
    for (const { warned, what } of lost) {
      if (!warned) lines.push(`${what} is not in the request, and no warning says so`)
    }
    return lines.length > 0
      ? { kind: "failed", sent, lines }
      : { kind: "passed", sent, leftOut: lost.length === 0 ? [] : warnings }
  })

const problemsOf = (api: Api, sent: Sent, validated: Validated): Array<string> => {
  const of = (problems: ReadonlyArray<Problem>, rule?: string) =>
    problems.map(({ message, path }) => `${path === "" ? "the body" : path} ${message}${rule ?? ""}`)
  return [
    ...of(validated(api.operation(sent), sent.body)),
    ...api.rules.flatMap((rule) => of(rule.check(sent), ` (rule: ${rule.name}; ${rule.source})`))
  ]
}

/** Only what a model or an API cannot do may fail, and only before the network. */
const refused = (cause: Cause.Cause<unknown>, check: Check, sent: ReadonlyArray<Sent>): Outcome => {
  const found = Cause.findErrorOption(cause)
  const error = Option.isSome(found) ? found.value : undefined
  if (!AiError.isAiError(error)) return { kind: "failed", sent, lines: [Cause.pretty(cause)] }
  if (ProviderError.kindOf(error) !== "Unsupported" || sent.length >= check.answers.length) {
    return { kind: "failed", sent, lines: [`fails with ${error.message}`] }
  }
  return { kind: "skipped", reason: error.reason.message }
}
