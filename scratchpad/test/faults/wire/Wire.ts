/** What a vendor's API sends, as far as the faults need it: small answers made up here, in the vendor's own form. */
import type { Connection } from "@llm-layers/core"
import type { Layer } from "effect"
import type { LanguageModel } from "effect/ai"

/** A tool call with its arguments as the model wrote them. */
export interface Call {
  readonly name: string
  readonly arguments: string
}

/** What an answer says. Its tokens are 5 in and 7 out. */
export interface Said {
  readonly deltas?: ReadonlyArray<string> | undefined
  readonly call?: Call | undefined
}

/** What a vendor says went wrong, by the fields both have. */
export interface Failed {
  readonly type?: string | undefined
  readonly code?: string | undefined
  readonly message: string
}

export interface Wire {
  readonly name: string
  /** The public module that errors name. */
  readonly module: string
  /** The path of its requests below the address of the server. */
  readonly path: string
  /** A model, and one that sees no image of the type beside it. */
  readonly model: string
  readonly blind: { readonly model: string; readonly mediaType: string }
  /** The model over a client whose address is that of a server, without the path. */
  readonly layer: (
    model: string,
    options: Omit<Connection.Options, "baseUrl"> & { readonly baseUrl: string }
  ) => Layer.Layer<LanguageModel.LanguageModel>
  readonly error: (failed: Failed) => string
  /** An error event inside a stream. */
  readonly errorEvent: (failed: Failed) => string
  /** A plain answer. */
  readonly answer: (said: Said) => string
  /**
   * The events of a stream. All before `terminal` are needed; without them the stream was cut. `unheard` are events of
   * kinds that nobody has heard of.
   */
  readonly stream: (said: Said) => { readonly before: ReadonlyArray<string>; readonly terminal: ReadonlyArray<string> }
  readonly unheard: ReadonlyArray<string>
}

/** The same JSON with members that nobody has heard of, in each object at every depth. */
export const withUnheard = (json: string): string => JSON.stringify(more(JSON.parse(json)))

const more = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(more)
  if (typeof value !== "object" || value === null) return value
  const known = Object.entries(value).map(([name, member]) => [name, more(member)])
  return { ...Object.fromEntries(known), x_unheard: { deep: [1, null] }, x_null: null }
}

/** Members that nobody has heard of in the data of each event. */
export const eventWithUnheard = (event: string): string =>
  event.replace(/^data: (\{.*\})$/m, (_, data: string) => `data: ${withUnheard(data)}`)
