/** What a vendor's API sends, as far as the faults need it: small answers made up here, in the vendor's own form. */
import type { Connection } from "@llm-layers/core"
import type { Config, Layer } from "effect"
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

/** What a vendor says went wrong, by the fields that vendors have. */
export interface Failed {
  readonly type?: string | undefined
  readonly code?: string | undefined
  readonly message: string
}

/** An error answer of the vendor's. */
export interface Rejection {
  readonly status: number
  readonly failed: Failed
}

/** The faults that each vendor says in words and codes of its own. `catalogue/rejections.ts` says what they must become. */
export type RejectionName =
  | "wrong key"
  | "missing key"
  | "expired key"
  | "key without permission"
  | "unknown model"
  | "context too long"
  | "content refused by policy"
  | "quota exhausted"
  | "server error"
  | "overloaded"
  | "invalid request"

/** The faults that come as an event inside a stream. */
export type ErrorEventName = "overloaded" | "rate limit" | "server error"

/** What some vendors have no way to do; faults that need it are skipped, for the reason given. */
export type Feature = "tools" | "images" | "knownModels" | "aimock" | "unseenVideo"

/** A vendor whose key is not sent with requests: a token is asked for with it. */
export interface Tokens {
  /** The path of such a request below the address of the server. */
  readonly path: string
  /** The model over a client that asks the server for tokens as well. */
  readonly layer: ModelLayer
  /** The answer with a token. */
  readonly token: (token: string) => string
  /** The answer that refuses the key, with status 401. */
  readonly refused: (message: string) => string
}

export interface Wire {
  readonly name: string
  readonly lacks?: { readonly [feature in Feature]?: string } | undefined
  readonly tokens?: Tokens | undefined
  /** The public module that errors name. */
  readonly module: string
  /** The path of its requests below the address of the server. */
  readonly path: string
  /** That of requests for a stream, where it is another. */
  readonly streamPath?: string | undefined
  /** A model, and one that sees no image of the type beside it. */
  readonly model: string
  readonly blind: { readonly model: string; readonly mediaType: string }
  /** The model over a client whose address is that of a server, without the path. */
  readonly layer: ModelLayer
  /** The same with settings under which `generateText` goes over a stream, where the provider does that. */
  readonly generateOverStream?: ModelLayer | undefined
  /** The model over a client that takes its key from the environment, and the name of the variable. */
  readonly fromEnvironment: (model: string) => Layer.Layer<LanguageModel.LanguageModel, Config.ConfigError>
  readonly keyVariable: string
  /** What the vendor says. It may have several ways to say the same, or, as text, a reason why it never does. */
  readonly rejections: { readonly [name in RejectionName]: ReadonlyArray<Rejection> | string }
  /** What it says with a status that says it all. */
  readonly failedWith: (status: number) => Failed
  /** Those that the vendor tells from others. A failure of no kind is a server error. */
  readonly errorEvents: { readonly [name in ErrorEventName]?: Omit<Failed, "message"> }
  readonly error: (failed: Failed) => string
  /** An error answer that says in its body how long to wait. Absent where a header says it. */
  readonly errorWithWait?: ((seconds: number) => string) | undefined
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

export type ModelLayer = (
  model: string,
  options: Omit<Connection.Options, "baseUrl"> & { readonly baseUrl: string }
) => Layer.Layer<LanguageModel.LanguageModel>
