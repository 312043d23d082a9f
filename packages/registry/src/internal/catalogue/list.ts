/** The form of the list that comes with this package, which `generate.ts` writes. */
import * as Schema from "effect/Schema"
import * as ModelFacts from "../../ModelFacts.ts"

const List = Schema.Struct({
  commit: Schema.String,
  date: Schema.String,
  models: Schema.Record(Schema.String, Schema.Record(Schema.String, ModelFacts.Known))
})

export type List = typeof List.Type

/** Throws where the text has another form. */
export const decode = (json: string): List => Schema.decodeUnknownSync(List)(JSON.parse(json))
