/** What one call takes of a budget, and what it has spent in the end. */
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Metadata from "@llm-layers/core/Metadata"
import * as Pricing from "@llm-layers/core/Pricing"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as Usage from "@llm-layers/core/Usage"
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { TextCount } from "../textCount.ts"
import { type Amount, nothing, toNano } from "./amount.ts"

type Part = Response.PartEncoded | Response.StreamPartEncoded

export class Spending implements RequestObserver.RequestObserver {
  readonly model: Pick<Pricing.Tokens, "provider" | "model">
  readonly prices: Pricing.PriceList
  /** Estimated. */
  readonly input: number
  readonly output: number
  #sent = false
  #finish: Part | undefined
  #early: Usage.Encoded | undefined
  readonly #said = new TextCount()

  constructor(
    model: Pick<Pricing.Tokens, "provider" | "model">,
    prices: Pricing.PriceList,
    input: number,
    output: number
  ) {
    this.model = model
    this.prices = prices
    this.input = input
    this.output = output
  }

  onSend(): void {
    this.#sent = true
  }

  onUnreached(): void {
    this.#sent = false
  }

  /** What the call may spend, as it is guessed before; without a price, `nanoUsd` is `undefined`. */
  get guess(): { readonly tokens: number; readonly nanoUsd: number | undefined } {
    return { tokens: this.input + this.output, nanoUsd: this.#priceOf(estimated(this.input, this.output)) }
  }

  /** Reads parts as they come. */
  see(parts: ReadonlyArray<Part>): void {
    for (const part of parts) {
      if ("delta" in part) this.#said.add(part.delta)
      else if (part.type === "finish") this.#finish = part
      else if (part.type === "response-metadata") {
        const usage = Metadata.get(part.metadata, Metadata.namespace, "usage")
        // Put there by `PartCollector.earlyUsage`, from a value of this type.
        if (usage !== undefined) this.#early = usage as unknown as Usage.Encoded
      }
    }
  }

  /** What was spent, by the end of the call. `reserved` stands for what nobody says. */
  spent(exit: Exit.Exit<unknown, unknown>, reserved: Amount): Amount {
    if (this.#finish?.type === "finish") {
      const cost = Pricing.ofAnswer(this.prices, this.model, [this.#finish])
      return {
        tokens: totalOf(this.#finish.usage) ?? reserved.tokens,
        nanoUsd: cost === undefined ? reserved.nanoUsd : toNano(cost)
      }
    }
    if (exit._tag === "Success") return reserved
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    const partial = AiError.isAiError(error) ? ProviderError.partial(error) : undefined
    // Of a stream, the parts were seen.
    const said = this.#said.tokens || writtenIn(partial?.parts ?? [])
    const kept = this.#early ?? partial?.usage
    // A vendor that answered with an error asks no money; a caller that left, or an answer that broke, is charged.
    const worked = this.#sent && (!AiError.isAiError(error) || mayHaveWorked.has(ProviderError.kindOf(error)))
    if (kept === undefined && said === 0 && !worked) return nothing
    const usage = atLeast(kept ?? Usage.unknown, this.input, said)
    return this.#amountOf(usage, totalOf(usage) ?? reserved.tokens, reserved)
  }

  #amountOf(usage: Usage.Encoded, tokens: number, reserved: Amount): Amount {
    return { tokens, nanoUsd: this.#priceOf(usage) ?? reserved.nanoUsd }
  }

  #priceOf(usage: Usage.Encoded): number | undefined {
    const usd = this.prices({ ...this.model, usage })
    return usd === undefined ? undefined : toNano(usd)
  }
}

const estimated = (inputTotal: number, outputTotal: number) => Usage.make({ inputTotal, outputTotal })

/** Failures behind which a vendor may have worked: no answer says that it did not. */
const mayHaveWorked: ReadonlySet<ErrorKind.Name> = new Set(["ConnectionFailed", "StreamInterrupted", "TimedOut"])

/** Tokens of whole parts. */
const writtenIn = (parts: ReadonlyArray<Response.PartEncoded>): number => {
  let tokens = 0
  for (const part of parts) {
    if (part.type === "text" || part.type === "reasoning") tokens += TokenEstimate.ofText(part.text)
  }
  return tokens
}

/** Counts of an answer that did not end. What a vendor counts at its beginning is less than what was written since. */
const atLeast = (said: Usage.Encoded, input: number, written: number): Usage.Encoded => {
  const { inputTokens, outputTokens } = said
  const guess = estimated(input, Math.max(written, outputTokens.total ?? 0))
  return {
    inputTokens: inputTokens.total === undefined ? guess.inputTokens : inputTokens,
    outputTokens: outputTokens.total !== undefined && outputTokens.total >= written ? outputTokens : guess.outputTokens
  }
}

const totalOf = ({ inputTokens, outputTokens }: Usage.Encoded): number | undefined =>
  inputTokens.total === undefined && outputTokens.total === undefined
    ? undefined
    : (inputTokens.total ?? 0) + (outputTokens.total ?? 0)
