/** `llm-layers "question"`. */
import * as Warning from "@llm-layers/core/Warning"
import * as Prompt from "effect/ai/Prompt"
import * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Answer from "./answer.ts"
import * as Inputs from "./inputs.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as SchemaFile from "./schemaFile.ts"
import * as Spent from "./spent.ts"

/** What the flags said. */
export interface Options {
  readonly words: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  readonly model: string | undefined
  readonly system: string | undefined
  /** Path of a file with a JSON Schema. */
  readonly schema: string | undefined
  readonly json: boolean
  readonly usage: boolean
  readonly settings: Models.Settings
  readonly mock: boolean
}

export const run = ({ files, json, mock, model, schema, settings, system, usage, words }: Options) =>
  Effect.gen(function*() {
    const asked = yield* question(words, files)
    const answerSchema = schema === undefined ? undefined : yield* SchemaFile.read(schema)
    const name = yield* Models.nameOf(model)
    const heard = Answer.nothing()
    const plain = Prompt.fromMessages([asked])
    yield* Answer.ask({
      model: name,
      settings,
      prompt: system === undefined ? plain : Prompt.setSystem(plain, system),
      schema: answerSchema,
      show: !json,
      ...usage ? { usage } : undefined
    }, heard)
    if (json) yield* Output.write(`${JSON.stringify(yield* record(name, heard))}\n`)
  }).pipe(Effect.provide(Models.layer(mock)))

const question = (words: ReadonlyArray<string>, paths: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const files = yield* Effect.forEach(paths, Inputs.file)
    return yield* Inputs.question(words.join(" "), yield* Inputs.standard, files)
  })

/** The answer for programs. What is not known is absent. */
const record = (name: string, heard: Answer.Heard) =>
  Effect.gen(function*() {
    const { registry } = yield* Models.Models
    const found = yield* registry.resolve(name)
    const finish = heard.parts.findLast((part) => part.type === "finish")
    return {
      ..."object" in heard ? { object: heard.object } : { text: heard.text },
      provider: found.provider,
      model: found.model,
      finishReason: finish?.reason,
      usage: finish === undefined ? undefined : Schema.encodeSync(Response.Usage)(finish.usage),
      costUsd: Spent.dollars(Spent.of(heard.entries)),
      warnings: Warning.of(heard.parts)
    }
  })
