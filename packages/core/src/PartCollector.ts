/**
 * From the parts of a stream to the whole parts of an answer.
 */
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Metadata from "./Metadata.ts"
import * as ProviderError from "./ProviderError.ts"

/**
 * Folds the parts of a stream into the form `generateText` gives: whole texts, whole reasoning, tool calls. Used for
 * the partial answer of a stream that failed, and where a plain answer is read as a stream.
 */
export class Collector {
  readonly #parts: Array<Response.PartEncoded> = []
  readonly #open = new Map<string, Block>()
  /** The one that was added to last, as the next delta is mostly its own. */
  #last: Block | undefined
  #usage: typeof Response.Usage.Encoded | undefined

  /** Adds parts in the order they came. */
  push(parts: ReadonlyArray<Response.StreamPartEncoded>): void {
    for (const part of parts) this.#one(part)
  }

  /** What has come so far, with open blocks as they stand. */
  get parts(): ReadonlyArray<Response.PartEncoded> {
    if (this.#open.size === 0) return this.#parts
    const out = [...this.#parts]
    for (const block of this.#open.values()) out[block.at] = whole(block)
    return out
  }

  /** The usage of the finish part, where one came. */
  get usage(): typeof Response.Usage.Encoded | undefined {
    return this.#usage
  }

  /** The error with what has come, if anything has. */
  keptBy(error: AiError.AiError): AiError.AiError {
    if (this.#parts.length === 0) return error
    // No fact of a provider is added, so its name is not looked at.
    const origin = { provider: "", module: error.module, method: error.method }
    return ProviderError.withPartial(origin, error, { parts: this.parts, usage: this.#usage })
  }

  #blockOf(type: "text" | "reasoning", id: string): Block | undefined {
    const last = this.#last
    if (last !== undefined && last.id === id && last.type === type) return last
    this.#last = this.#open.get(`${type} ${id}`)
    return this.#last
  }

  #one(part: Response.StreamPartEncoded): void {
    switch (part.type) {
      case "text-start":
      case "reasoning-start": {
        const type = part.type === "text-start" ? "text" : "reasoning"
        const { id } = part
        const block = {
          at: this.#parts.length,
          id,
          type,
          text: "",
          pieces: [],
          metadata: asMetadata(part.metadata)
        } as const
        this.#open.set(`${type} ${id}`, { ...block, pieces: [] })
        this.#last = undefined
        this.#parts.push(whole(block))
        return
      }
      case "text-delta":
      case "reasoning-delta": {
        const block = this.#blockOf(part.type === "text-delta" ? "text" : "reasoning", part.id)
        if (block === undefined) return
        block.pieces.push(part.delta)
        if (block.pieces.length === piecesKept) join(block)
        if (part.metadata !== undefined) block.metadata = Metadata.merge(block.metadata, asMetadata(part.metadata))
        return
      }
      case "text-end":
      case "reasoning-end": {
        const key = `${part.type === "text-end" ? "text" : "reasoning"} ${part.id}`
        const block = this.#open.get(key)
        if (block === undefined) return
        block.metadata = Metadata.merge(block.metadata, asMetadata(part.metadata))
        this.#parts[block.at] = whole(block)
        this.#open.delete(key)
        this.#last = undefined
        return
      }
      case "tool-params-start":
      case "tool-params-delta":
      case "tool-params-end":
      case "error":
        return
      case "finish":
        this.#usage = part.usage
        this.#parts.push(part)
        return
      case "response-metadata": {
        const usage = Metadata.get(part.metadata, Metadata.namespace, "usage")
        // Put there by `earlyUsage`, from a value of this type.
        if (usage !== undefined) this.#usage = usage as typeof Response.Usage.Encoded
        this.#parts.push(part)
        return
      }
      default:
        this.#parts.push(part)
    }
  }
}

/** A text that has not ended. */
interface Block {
  readonly at: number
  readonly id: string
  readonly type: "text" | "reasoning"
  text: string
  /** What comes after `text`. */
  pieces: Array<string>
  metadata: Metadata.Metadata
}

/** Texts are joined in so many pieces at once: joined one by one, each leaves something for the collector of garbage. */
const piecesKept = 256

const join = (block: Block): void => {
  block.text += block.pieces.join("")
  block.pieces = []
}

const whole = (block: Pick<Block, "type" | "text" | "metadata"> & { readonly pieces: ReadonlyArray<string> }) => ({
  type: block.type,
  text: block.text + block.pieces.join(""),
  metadata: block.metadata
})

// Parts type their metadata by provider; every value of it is JSON, which is what `Metadata` says.
const asMetadata = (metadata: unknown): Metadata.Metadata => (metadata ?? {}) as Metadata.Metadata

/**
 * Metadata for the response-metadata part of a stream whose vendor reports token counts before the end, so that an
 * interrupted answer keeps them.
 */
export const earlyUsage = (usage: typeof Response.Usage.Encoded): Metadata.Metadata =>
  Metadata.make(Metadata.namespace, { usage })

/**
 * Runs a stream of parts to its end and gives the whole parts, for vendors that want long answers streamed. A failure
 * keeps what had arrived.
 */
export const collect = <R>(
  stream: Stream.Stream<Response.StreamPartEncoded, AiError.AiError, R>
): Effect.Effect<Array<Response.PartEncoded>, AiError.AiError, R> =>
  Effect.suspend(() => {
    const collector = new Collector()
    return stream.pipe(
      // A server may not close the connection after its last event.
      Stream.takeUntil((part) => part.type === "finish"),
      Stream.runForEachArray((parts) => Effect.sync(() => collector.push(parts))),
      Effect.mapError((error) => collector.keptBy(error)),
      Effect.map(() => [...collector.parts])
    )
  })
