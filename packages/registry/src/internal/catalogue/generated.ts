/** The list that comes with this package, read when it is first asked for. */
import * as Effect from "effect/Effect"
import * as ModelFacts from "../../ModelFacts.ts"
import { decode, type List } from "./list.ts"

/** One reading for the process: the list does not change. */
let reading: Promise<List> | undefined

const list: Effect.Effect<List> = Effect.promise(() =>
  reading ??= import("../../generated/models.ts").then(({ json }) => decode(json))
)

export const models: Effect.Effect<ReadonlyArray<ModelFacts.ModelFacts>> = Effect.map(
  list,
  ({ models }) =>
    Object.entries(models).flatMap(([provider, of]) =>
      Object.entries(of).map(([id, known]) => ModelFacts.make(provider, id, known, "generated"))
    )
)

export const origin: Effect.Effect<{ readonly date: string; readonly commit: string }> = Effect.map(
  list,
  ({ commit, date }) => ({ commit, date })
)
