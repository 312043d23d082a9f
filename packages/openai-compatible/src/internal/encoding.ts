/** What the encoders of one request share: whom it is for, and what they left out or cannot express. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type { Quirks } from "./quirks.ts"

/**
 * Encoders are plain functions that note here what cannot be expressed; the request is not sent then. The first
 * refusal counts.
 */
export class Encoding {
  readonly subject: Capability.Subject
  readonly quirks: Quirks
  readonly systemRole: "system" | "developer"
  readonly warnings: Array<Warning.Warning>
  /** Whether a setting that is refused is left out with a warning. */
  readonly lenient: boolean
  refused: AiError.AiError | undefined

  constructor(
    subject: Capability.Subject,
    quirks: Quirks,
    settings: {
      readonly systemRole?: "system" | "developer" | undefined
      readonly unsupported?: "error" | "warn" | undefined
    },
    warnings: ReadonlyArray<Warning.Warning>
  ) {
    this.subject = subject
    this.quirks = quirks
    this.systemRole = settings.systemRole ?? quirks.systemRole
    this.warnings = [...warnings]
    this.lenient = settings.unsupported === "warn"
  }

  get provider(): string {
    return this.subject.origin.provider
  }

  warn(about: string, message: string): void {
    this.warnings.push({ about, message })
  }

  /** What was asked for and the API or the model has no way to do. */
  refuse(what: { readonly capability: string; readonly asked: string; readonly parameter?: string }): void {
    this.fail(ProviderError.unsupported(this.subject.origin, { ...what, model: this.subject.model }))
  }

  /** A setting the model refuses: an error, or left out with a warning where the caller chose that. */
  refuseSetting(name: string, error: AiError.AiError): void {
    if (this.lenient) this.warn(name, `${this.subject.model} does not support ${name}; it was left out`)
    else this.fail(error)
  }

  fail(error: AiError.AiError): void {
    this.refused ??= error
  }

  /** What the caller, or an earlier answer of this provider, put on a part or message for this provider. */
  optionsOf(holder: { readonly options?: unknown }): Json.JsonRecord {
    return Json.record(Json.record(holder.options)[this.provider])
  }
}
