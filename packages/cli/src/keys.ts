/** Which providers are set up, and by which names in the environment. Keys themselves are never shown. */
import type * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Failure from "./failure.ts"
import * as Found from "./found.ts"
import * as Listing from "./listing.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as Screen from "./screen.ts"
import type * as Table from "./table.ts"

export interface Options {
  /** Ask each vendor, too. */
  readonly check: boolean
  readonly json: boolean
  readonly mock: boolean
}

/** What a vendor answered. */
interface Answer {
  readonly state: "works" | "refused" | "unreachable" | "failed" | "no list"
  /** How many it lists. */
  readonly models?: number
  /** Why it does not work. */
  readonly detail?: string
}

type Row = Found.Found & { readonly answer: Answer | undefined }

export const run = ({ check, json, mock }: Options) =>
  Effect.gen(function*() {
    const { providers } = yield* Models.Models
    const rows = yield* Effect.forEach(providers, (provider) => row(provider, check), { concurrency: "unbounded" })
    if (json) yield* Screen.json(rows.map(encode))
    else yield* Screen.table(columns, rows)
    const set = rows.filter(({ names, ready }) => ready && names.length > 0)
    const broken = set.filter(({ answer }) => answer !== undefined && !fine.has(answer.state))
    if (set.length === 0 && !mock) yield* Output.note("No key is set. Set one, as in: export OPENAI_API_KEY=…")
    for (const { answer, provider } of broken) yield* Output.note(`${provider}: ${answer?.detail ?? ""}`)
    if (broken.length > 0) {
      const names = broken.map(({ provider }) => provider).join(", ")
      return yield* new NotWorking({ message: `Set up, and not working: ${names}` })
    }
  }).pipe(Effect.provide(Models.layer(mock)))

/** A provider that is set up does not work. */
export class NotWorking extends Data.TaggedError("NotWorking")<{ readonly message: string }> {}

/** There is nothing to be said against a vendor without a list of models. */
const fine = new Set<Answer["state"]>(["works", "no list"])

const row = (provider: Provider.Any, check: boolean) =>
  Effect.gen(function*() {
    const found = yield* Found.of(provider)
    const answer = check && found.ready ? answerOf(yield* Listing.of(provider)) : undefined
    return { ...found, answer }
  })

const answerOf = (listed: Result.Result<ReadonlyArray<Provider.ListedModel>, Listing.Failure>): Answer => {
  if (Result.isSuccess(listed)) {
    return { state: "works", models: listed.success.length }
  }
  const error = listed.failure
  const detail = Failure.show(error).message
  if (!AiError.isAiError(error)) return { state: error._tag === "NotListed" ? "no list" : "failed", detail }
  switch (ProviderError.kindOf(error)) {
    case "AuthenticationFailed":
      return { state: "refused", detail }
    case "ConnectionFailed":
    case "TimedOut":
      return { state: "unreachable", detail }
    default:
      return { state: "failed", detail }
  }
}

const columns: ReadonlyArray<Table.Column<Row>> = [
  { title: "provider", cell: ({ provider }) => provider },
  { title: "ready", cell: ({ ready }) => ready ? "yes" : "no" },
  { title: "answer", cell: ({ answer }) => answer?.state ?? "" },
  {
    title: "set",
    cell: ({ missing, names, ready }) => ready ? names.length === 0 ? "nothing needed" : names.join(" ") : missing,
    rank: 1
  },
  {
    title: "models",
    cell: ({ answer }) => answer?.models === undefined ? "" : String(answer.models),
    align: "right",
    rank: 2
  }
]

const encode = ({ answer, missing, names, provider, ready }: Row) => ({
  provider,
  ready,
  names,
  ...(missing === "" ? undefined : { missing }),
  ...(answer === undefined ? undefined : { ...answer })
})
