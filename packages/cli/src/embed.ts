/** Vectors of texts, a batch after the other, so that what is done stays done. */
import * as Retry from "@llm-layers/policies/Retry"
import * as Configuration from "@llm-layers/registry/Configuration"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as fs from "node:fs"
import { extname } from "node:path"
import * as JsonLines from "./embed/jsonLines.ts"
import * as Sqlite from "./embed/sqlite.ts"
import * as Store from "./embed/store.ts"
import * as Texts from "./embed/texts.ts"
import * as Failure from "./failure.ts"
import * as Figures from "./figures.ts"
import * as Models from "./models.ts"
import * as Output from "./output.ts"
import * as Progress from "./progress.ts"

export interface Options {
  /** Files and patterns. */
  readonly patterns: ReadonlyArray<string>
  readonly model: string | undefined
  /** Where vectors go. Standard output, as lines of JSON, where it is `undefined`. */
  readonly out: string | undefined
  readonly resume: boolean
  /** Texts that are embedded, and written, at once. */
  readonly batch: number
  readonly mock: boolean
}

export const run = ({ batch, mock, model, out, patterns, resume }: Options) =>
  Effect.gen(function*() {
    const name = yield* nameOf(model)
    const open = yield* opening(out, resume)
    const texts = yield* Texts.read(patterns)
    const filled = texts.filter(({ text }) => text.trim() !== "")
    const store = yield* open(name)
    const todo = Store.missing(filled, store.known)
    const done = yield* all({ name, batch, todo, store }).pipe(
      Effect.provide((yield* Models.Models).registry.embeddingModel(name))
    )
    for (const { id } of texts.filter((one) => !filled.includes(one))) {
      yield* Output.note(`${id} is empty, and left out`)
    }
    if (!(yield* Output.watched)) return
    const parts = [
      `${counted(done.count)} embedded`,
      ...todo.length === filled.length ? [] : [`${counted(filled.length - todo.length)} there already`],
      done.tokens === undefined ? "tokens unknown" : `${Figures.whole(done.tokens)} tokens`
    ]
    yield* Output.note(parts.join(", "))
  }).pipe(Effect.scoped, Effect.provide(Models.layer(mock)))

const counted = (count: number): string => `${Figures.whole(count)} ${count === 1 ? "text" : "texts"}`

interface Work {
  readonly name: string
  readonly batch: number
  readonly todo: ReadonlyArray<Texts.Source>
  readonly store: Store.Store
}

/** Embeds what is left to do. Says how much was done where it fails, or is interrupted. */
const all = ({ batch, name, store, todo }: Work) =>
  Effect.suspend(() => {
    let count = 0
    let tokens: number | undefined = 0
    return Effect.gen(function*() {
      const model = yield* EmbeddingModel.EmbeddingModel
      const { configuration } = yield* Models.Models
      while (count < todo.length) {
        yield* Progress.draw(count, todo.length)
        const texts = todo.slice(count, count + batch)
        const { embeddings, usage } = yield* model.embedMany(texts.map(({ text }) => text)).pipe(
          Effect.retry(again(configuration))
        )
        yield* store.add(embeddings.flatMap(({ vector }, at) => {
          const text = texts[at]
          return text === undefined ? [] : [{ id: text.id, hash: text.hash, model: name, vector }]
        }))
        count += texts.length
        tokens = tokens === undefined || usage.inputTokens === undefined ? undefined : tokens + usage.inputTokens
      }
      return { count, tokens }
    }).pipe(
      Effect.ensuring(Effect.ignore(Progress.clear)),
      Effect.onError((cause) =>
        // Who has left wants to know nothing.
        Cause.squash(cause) instanceof Output.Closed
          ? Effect.void
          : Effect.ignore(Output.note(`${Figures.whole(count)} of ${counted(todo.length)} are embedded`))
      )
    )
  })

/** As policies send language models' requests again. */
const again = ({ retries, retryDelay }: Configuration.Configuration) => ({
  schedule: Retry.backoff({ times: retries, base: retryDelay }).pipe(
    Schedule.setInputType<AiError.AiError>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(Duration.sum(duration, input.retryAfter ?? Duration.zero))
    )
  ),
  while: (error: AiError.AiError) =>
    error.isRetryable && Duration.isLessThanOrEqualTo(error.retryAfter ?? Duration.zero, longestWait)
})

/** A vendor that asks for more says that it is not now. */
const longestWait = Duration.minutes(2)

/** A role `embedding` may be configured. */
const nameOf = (asked: string | undefined) =>
  Effect.gen(function*() {
    const { configuration, mocked, registry } = yield* Models.Models
    if (mocked) return "mock/embed"
    const name = asked ?? configuration.roles["embedding"]
    if (name === undefined) {
      return yield* new Failure.Usage({
        message: "Say which embedding model, with --model, as in openai/text-embedding-3-small"
      })
    }
    const found = yield* registry.resolve(Configuration.modelOf(configuration, name))
    return `${found.provider}/${found.model}`
  })

type Open = (model: string) => Effect.Effect<Store.Store, Failure.Usage, Scope.Scope | Output.Services>

/** How the output is opened, by the ending of its name. What is there is kept: it is added to, or nothing is done. */
const opening = (out: string | undefined, resume: boolean): Effect.Effect<Open, Failure.Usage> =>
  Effect.suspend((): Effect.Effect<Open, Failure.Usage> => {
    if (out === undefined) {
      return resume
        ? usage("--resume needs the file to go on with, as --out")
        : Effect.succeed<Open>(() => standardOutput)
    }
    const open = formats[extname(out)]
    if (open === undefined) {
      return usage(`${out} must end in one of ${Object.keys(formats).join(", ")}, which says how vectors are written`)
    }
    if (!resume && fs.existsSync(out)) {
      return usage(`${out} is there already: --resume goes on with it, another --out begins anew`)
    }
    return Effect.succeed((model: string) => open(out, model))
  })

const formats: { readonly [ending: string]: typeof JsonLines.open } = {
  ".jsonl": JsonLines.open,
  ".ndjson": JsonLines.open,
  ".db": Sqlite.open,
  ".sqlite": Sqlite.open,
  ".sqlite3": Sqlite.open
}

const standardOutput = Effect.map(Effect.context<Output.Services>(), (context) => ({
  known: new Map<string, string>(),
  add: (entries: ReadonlyArray<Store.Entry>) =>
    Effect.provideContext(Output.write(entries.map(JsonLines.encode).join("")), context)
}))

const usage = (message: string) => Effect.fail(new Failure.Usage({ message }))
