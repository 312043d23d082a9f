/** `llm-layers models`: what there is, what it takes and what it costs. */
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import * as BigDecimal from "effect/BigDecimal"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Failure from "../failure.ts"
import * as Figures from "../figures.ts"
import * as Flags from "../flags.ts"
import * as Listing from "../listing.ts"
import * as Models from "../models.ts"
import * as Output from "../output.ts"
import * as Screen from "../screen.ts"
import type * as Table from "../table.ts"

const wanted = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.optional)

export const models = Command.make(
  "models",
  {
    words: Argument.String("text").pipe(
      Argument.withDescription("Words that the model's name has"),
      Argument.variadic()
    ),
    provider: Flag.String("provider").pipe(
      Flag.withAlias("p"),
      Flag.withDescription("Of this provider"),
      Flag.optional
    ),
    tools: wanted("tools", "That call tools"),
    reasoning: wanted("reasoning", "That reason"),
    structured: wanted("structured-output", "That answer by a JSON schema"),
    input: Flag.String("input").pipe(
      Flag.withDescription("That take this, as image, pdf, audio or video; may be repeated"),
      Flag.atLeast(0)
    ),
    maxPrice: Flag.Finite("max-price").pipe(
      Flag.withDescription("Whose input and output cost at most so many US dollars for a million tokens"),
      Flag.optional
    ),
    minContext: Flag.Int("min-context").pipe(
      Flag.withDescription("That take at least so many tokens"),
      Flag.optional
    ),
    deprecated: Flag.Boolean("deprecated").pipe(
      Flag.withDescription("Deprecated ones too"),
      Flag.withDefault(false)
    ),
    live: Flag.Boolean("live").pipe(
      Flag.withDescription("What the vendors list now for your keys, instead of the catalogue of this program"),
      Flag.withDefault(false)
    ),
    json: Flags.json,
    mock: Flags.mock
  },
  ({ deprecated, input, json, live, maxPrice, minContext, mock, provider, reasoning, structured, tools, words }) =>
    Effect.gen(function*() {
      const of = Option.getOrUndefined(provider)
      const price = Option.getOrUndefined(maxPrice)
      yield* checkProvider(of)
      const catalog = yield* live ? listed(of) : ModelCatalog.ModelCatalog
      const text = words.join(" ").toLowerCase().split(" ")
      const found = catalog.find({
        provider: of,
        tools: Option.getOrUndefined(tools),
        reasoning: Option.getOrUndefined(reasoning),
        structuredOutput: Option.getOrUndefined(structured),
        input,
        maxPrice: { input: price, output: price },
        minContextTokens: Option.getOrUndefined(minContext),
        deprecated
      }).filter((model) => text.every((word) => searched(model).includes(word)))
      if (json) return yield* Screen.json(found.map(encode))
      if (found.length > 0) return yield* Screen.table(columns, found)
      const like = catalog.nearest(words.join(" "))
      yield* Output.note(like.length === 0 ? "No model fits" : `No model fits. Did you mean ${like.join(", ")}?`)
    }).pipe(Effect.provide(Models.layer(mock)))
).pipe(
  Command.withDescription("List models with their limits, prices and abilities"),
  Command.withExamples([
    { command: "llm-layers models --provider anthropic", description: "All of one provider" },
    { command: "llm-layers models --input image --tools --max-price 5", description: "By what they can do" },
    { command: "llm-layers models --live mini", description: "What the vendors list now, by name" }
  ])
)

const searched = (model: ModelFacts.ModelFacts): string =>
  `${ModelCatalog.nameOf(model)} ${model.name ?? ""}`.toLowerCase()

const checkProvider = (name: string | undefined) =>
  Effect.gen(function*() {
    const { registry } = yield* Models.Models
    const { models } = yield* ModelCatalog.ModelCatalog
    const known = [...new Set([...registry.list, ...models.map(({ provider }) => provider)])].toSorted()
    if (name !== undefined && !known.includes(name)) {
      yield* new Failure.Usage({ message: `There is no provider "${name}". There are ${known.join(", ")}` })
    }
  })

/** What the vendors list, with what else is known of it. Says which of them could not be asked. */
const listed = (of: string | undefined) =>
  Effect.gen(function*() {
    const { providers } = yield* Models.Models
    const known = yield* ModelCatalog.ModelCatalog
    const answers = yield* Listing.ofAll(providers.filter(({ name }) => of === undefined || name === of))
    const keyless: Array<string> = []
    let asked = 0
    const facts: Array<ModelFacts.ModelFacts> = []
    const failures: Array<unknown> = []
    for (const { listed, provider: { name } } of answers) {
      if (Result.isSuccess(listed)) {
        asked++
        for (const fact of ModelCatalog.fromListed(name, listed.success)) {
          const before = known.get(name, fact.id)
          facts.push(before === undefined ? fact : { ...ModelFacts.merge(before, fact), id: fact.id })
        }
      } else if (listed.failure instanceof Config.ConfigError) keyless.push(name)
      else if (listed.failure._tag !== "NotListed" || of !== undefined) {
        failures.push(listed.failure)
        yield* Output.note(`${name}: ${Failure.show(listed.failure).message}`)
      }
    }
    if (keyless.length > 0) yield* Output.note(`Not asked, because their keys are not set: ${keyless.join(", ")}`)
    const [first] = [...failures, ...answers.flatMap(({ listed }) => Result.isFailure(listed) ? [listed.failure] : [])]
    if (asked === 0 && first !== undefined) yield* Effect.fail(first)
    return ModelCatalog.make(facts)
  })

const columns: ReadonlyArray<Table.Column<ModelFacts.ModelFacts>> = [
  { title: "model", cell: ModelCatalog.nameOf },
  { title: "context", cell: ({ contextTokens }) => Figures.short(contextTokens), align: "right", rank: 2 },
  { title: "output", cell: ({ outputTokens }) => Figures.short(outputTokens), align: "right", rank: 4 },
  { title: "$ in/M", cell: ({ prices }) => rate(prices?.input), align: "right", rank: 3 },
  { title: "$ out/M", cell: ({ prices }) => rate(prices?.output), align: "right", rank: 1 },
  {
    title: "can",
    cell: (model) =>
      [
        ...model.tools === true ? ["tools"] : [],
        ...model.reasoning === true ? ["reasoning"] : [],
        ...model.structuredOutput === true ? ["schema"] : [],
        ...(model.input ?? []).filter((kind) => kind !== "text"),
        ...(model.output ?? []).filter((kind) => kind !== "text").map((kind) => `→${kind}`)
      ].join(" "),
    rank: 5
  },
  { title: "status", cell: ({ status }) => status ?? "", rank: 6 }
]

const rate = (dollars: BigDecimal.BigDecimal | undefined): string =>
  dollars === undefined ? "" : BigDecimal.format(dollars)

const encode = (model: ModelFacts.ModelFacts) => ({
  provider: model.provider,
  id: model.id,
  ...Schema.encodeSync(ModelFacts.Known)(model)
})
