/** One attempt while it runs: what is known of it, and the entry it becomes. */
import type * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Metadata from "@llm-layers/core/Metadata"
import * as Pricing from "@llm-layers/core/Pricing"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as Usage from "@llm-layers/core/Usage"
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { isContent } from "../content.ts"
import { TextCount } from "../textCount.ts"
import type { Entry, Status } from "./entry.ts"

type Part = Response.PartEncoded | Response.StreamPartEncoded
type Finish = Extract<Part, { readonly type: "finish" }>

/** What an attempt is booked with. */
export interface Book {
  /** Takes the entry. Called once, if at all. */
  readonly book: (entry: Entry) => void
  /** Whether tokens are estimated that the vendor does not say. */
  readonly estimate: boolean
  readonly prices: Pricing.PriceList
}

/** Headers in which vendors name a request. */
const requestIdHeaders = ["x-request-id", "request-id", "apim-request-id", "x-goog-request-id"]

export class Attempt {
  readonly observer: RequestObserver.RequestObserver
  readonly #driver: Pick<Driver.Driver, "provider" | "model">
  readonly #method: Entry["method"]
  readonly #input: () => number
  readonly #book: Book
  readonly #clock: Clock.Clock
  readonly #startedAt: number
  readonly #started: bigint
  #ended = false
  #leftAfter: Duration.Duration | undefined
  #firstAfter: Duration.Duration | undefined
  /** Whether the driver tells of its requests. */
  #tells = false
  #sent = 0
  #status: number | undefined
  #requestId: string | undefined
  #responseId: string | undefined
  readonly #text = new TextCount()
  #early: Usage.Encoded | undefined
  #finish: Finish | undefined

  constructor(
    driver: Pick<Driver.Driver, "provider" | "model">,
    method: Entry["method"],
    /** Tokens of what is asked, estimated. Called where nobody else says them. */
    input: () => number,
    fiber: Fiber.Fiber<unknown, unknown>,
    book: Book
  ) {
    this.#driver = driver
    this.#method = method
    this.#input = input
    this.#book = book
    this.#clock = fiber.getRef(Clock.Clock)
    this.#startedAt = this.#clock.currentTimeMillisUnsafe()
    this.#started = this.#clock.monotonicTimeNanosUnsafe()
    this.observer = {
      onPrepare: () => {
        this.#tells = true
      },
      onSend: () => {
        this.#tells = true
        this.#sent++
      },
      onUnreached: () => {
        this.#sent--
      },
      onHead: (status, headers) => {
        this.#status = status
        for (const name of requestIdHeaders) this.#requestId ??= headers.get(name) ?? undefined
      }
    }
  }

  /** Whether nothing more can come of it. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether there is something to wait for after the caller has left: a request is on its way. */
  get runs(): boolean {
    return !this.#ended && (this.#sent > 0 || !this.#tells)
  }

  /** Parts of a stream as they come. The finish ends the attempt. */
  see(parts: ReadonlyArray<Response.StreamPartEncoded>): void {
    for (const part of parts) {
      if (this.#firstAfter === undefined && isContent(part)) this.#firstAfter = this.#elapsed()
      this.#one(part)
    }
    if (this.#finish !== undefined) this.#end(this.#leftAfter === undefined ? "answered" : "interrupted")
  }

  /** A plain answer, a failure, or an end before the finish. */
  end(exit: Exit.Exit<ReadonlyArray<Part> | void, unknown>): void {
    if (this.#ended) return
    if (Exit.isSuccess(exit)) {
      if (exit.value === undefined) {
        return this.#leftAfter === undefined
          ? this.#end("failed", "StreamInterrupted")
          : this.#end("interrupted")
      }
      for (const part of exit.value) this.#one(part)
      this.#firstAfter = this.#elapsed()
      return this.#end(this.#leftAfter === undefined ? "answered" : "interrupted")
    }
    if (this.#leftAfter !== undefined || Cause.hasInterruptsOnly(exit.cause)) return this.#end("interrupted")
    const error = Cause.squash(exit.cause)
    if (!AiError.isAiError(error)) return this.#end("failed", "Unknown")
    const kind = ProviderError.kindOf(error)
    if (!this.#tells && isCheck(error, kind)) {
      this.#ended = true
      return
    }
    this.#fromError(error)
    this.#end("failed", kind)
  }

  /** The caller has left, before the end. What comes afterwards changes the tokens and no more. */
  leave(): void {
    if (!this.#ended) this.#leftAfter = this.#elapsed()
  }

  /** What would be booked now of an attempt that the caller has left. */
  get provisional(): Entry {
    return this.#entry("interrupted", undefined)
  }

  #elapsed(): Duration.Duration {
    return Duration.nanos(this.#clock.monotonicTimeNanosUnsafe() - this.#started)
  }

  #one(part: Part): void {
    switch (part.type) {
      case "text-delta":
      case "reasoning-delta":
      case "tool-params-delta":
        this.#text.add(part.delta)
        return
      case "text":
      case "reasoning":
        this.#text.add(part.text)
        return
      case "tool-call":
        // Of a stream, its deltas were counted.
        if (this.#method === "generateText") this.#text.add(JSON.stringify(part.params ?? null))
        return
      case "response-metadata": {
        this.#responseId = part.id ?? this.#responseId
        // Put there by `PartCollector.earlyUsage`, from a value of this type.
        const usage = Metadata.get(part.metadata, Metadata.namespace, "usage") as Usage.Encoded | undefined
        this.#early = usage ?? this.#early
        return
      }
      case "finish":
        this.#finish = part
    }
  }

  /** What a failed answer carries. */
  #fromError(error: AiError.AiError): void {
    const { reason } = error
    if ("http" in reason) this.#status ??= reason.http?.response?.status
    const said = "metadata" in reason ? Metadata.get(reason.metadata, this.#driver.provider, "requestId") : undefined
    if (typeof said === "string") this.#requestId ??= said
    const partial = ProviderError.partial(error)
    // Of a stream, the parts were seen.
    if (this.#method === "generateText") { for (const part of partial?.parts ?? []) this.#one(part) }
    this.#early = partial?.usage ?? this.#early
  }

  #end(outcome: Entry["outcome"], kind?: ErrorKind.Name): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#tells && this.#sent <= 0) return
    this.#book.book(this.#entry(outcome, kind))
  }

  #entry(outcome: Entry["outcome"], kind: ErrorKind.Name | undefined): Entry {
    const { model, provider } = this.#driver
    const [usage, status] = this.#usage(outcome)
    const finish: Finish = { ...(this.#finish ?? { type: "finish", reason: "unknown" }), usage }
    return {
      provider,
      model,
      method: this.#method,
      startedAt: this.#startedAt,
      timeToFirstPart: this.#firstAfter,
      duration: this.#leftAfter ?? this.#elapsed(),
      usage,
      status,
      cost: Pricing.ofAnswer(status === "unknown" ? nothingKnown : this.#book.prices, { provider, model }, [finish]),
      outcome,
      kind,
      requests: this.#tells ? this.#sent : undefined,
      requestId: this.#requestId,
      responseId: this.#responseId
    }
  }

  #usage(outcome: Entry["outcome"]): readonly [Usage.Encoded, Status] {
    const said = this.#finish?.usage ?? this.#early ?? Usage.unknown
    const known = said.inputTokens.total !== undefined && said.outputTokens.total !== undefined
    if (this.#finish !== undefined && known) return [said, "reported"]
    if (!this.#book.estimate) return [said, "unknown"]
    const arrived = this.#text.some || this.#finish !== undefined || said !== Usage.unknown
    // A request that the vendor refuses is worked on by no model.
    if (!arrived && this.#status !== undefined && this.#status >= 400) return [nothing, "estimated"]
    // A driver that tells nothing of its requests may have failed before there was one.
    if (!arrived && !this.#tells && outcome === "failed") return [said, "unknown"]
    return [filled(said, this.#input, this.#text.tokens), "estimated"]
  }
}

const nothing: Usage.Encoded = Usage.make({ inputTotal: 0, outputTotal: 0 })

const nothingKnown: Pricing.PriceList = () => undefined

/** With estimates in place of what is not known. Output that was reported in the middle may have grown since. */
const filled = (said: Usage.Encoded, input: () => number, written: number): Usage.Encoded => {
  const { inputTokens, outputTokens } = said
  const total = Math.max(outputTokens.total ?? 0, written)
  return {
    inputTokens: inputTokens.total === undefined
      ? { ...Usage.make({ inputTotal: input() }).inputTokens, ...inputTokens }
      : inputTokens,
    outputTokens: { ...outputTokens, total, text: Math.max(0, total - (outputTokens.reasoning ?? 0)) }
  }
}

/** Kinds that a check before the network has, of this project or of another policy. */
const kindsOfChecks: ReadonlySet<ErrorKind.Name> = new Set<ErrorKind.Name>([
  "BudgetExceeded",
  "CircuitOpen",
  "ContextOverflow",
  "InvalidRequest",
  "QueueFull",
  "Unsupported"
])

/** Whether the error says that nothing was sent: no vendor's answer is in it. */
const isCheck = ({ reason }: AiError.AiError, kind: ErrorKind.Name): boolean =>
  kindsOfChecks.has(kind) && !("http" in reason && reason.http !== undefined)
