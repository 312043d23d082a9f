/** How the command fails: one line that says what to do, and an exit code that means something. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type { RegistryError } from "@llm-layers/registry"
import * as AiError from "effect/ai/AiError"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

/** The command was used in a way it cannot be: a file that is none, a schema that is broken. */
export class Usage extends Data.TaggedError("Usage")<{ readonly message: string }> {}

/** What the exit codes say; the README has them too. */
export const exitCodes = {
  /** The model, or the way to it, failed. */
  failed: 1,
  /** The command was used wrongly: nothing was sent. */
  usage: 2,
  /** A key or another setting is missing or wrong. */
  configuration: 3,
  /** Too many requests, no credit, or a budget that is used up: later, or with more money, it may go. */
  limited: 4,
  /** The vendor refused the content. */
  refused: 5,
  /** Ctrl-C: 128 and the number of the signal, as shells have it. */
  interrupted: 130
} as const

/** A failure as the command shows it. */
export interface Shown {
  readonly message: string
  readonly exitCode: number
}

/** Why a name stands for no model. */
const resolution = new Set<string>(
  [
    "UnknownProvider",
    "UnknownModel",
    "AmbiguousModel",
    "NoEmbeddings",
    "NotListed"
  ] satisfies ReadonlyArray<
    Exclude<RegistryError.ResolutionError["_tag"], "NoKey"> | "NoEmbeddings" | "NotListed"
  >
)

/** One line, whatever came. */
export const show = (error: unknown): Shown => {
  if (AiError.isAiError(error)) return { message: oneLine(error.message), exitCode: codeOf(error) }
  const message = oneLine(error instanceof Error ? error.message : String(error))
  if (error instanceof Config.ConfigError || Predicate.isTagged(error, "NoKey")) {
    return { message, exitCode: exitCodes.configuration }
  }
  const tag = Predicate.hasProperty(error, "_tag") ? String(error._tag) : ""
  return { message, exitCode: tag === "Usage" || resolution.has(tag) ? exitCodes.usage : exitCodes.failed }
}

const codeOf = (error: AiError.AiError): number => {
  switch (ProviderError.kindOf(error)) {
    case "RateLimited":
    case "QueueFull":
    case "QuotaExhausted":
    case "BudgetExceeded":
      return exitCodes.limited
    case "AuthenticationFailed":
      return exitCodes.configuration
    case "ContentRefused":
      return exitCodes.refused
    case "Unsupported":
    case "InvalidRequest":
    case "ContextOverflow":
    case "RequestTooLarge":
    case "ModelNotFound":
      return exitCodes.usage
    default:
      return exitCodes.failed
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").trim()
