/** How the command fails: one line that says what to do, and an exit code that means something. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as RegistryError from "@llm-layers/registry/RegistryError"
import * as AiError from "effect/ai/AiError"
import * as CliError from "effect/cli/CliError"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Output from "./output.ts"

/** The command was used in a way it cannot be: a file that is none, a schema that is broken. */
export class Usage extends Data.TaggedError("Usage")<{ readonly message: string }> {}

/** What the exit codes say; the README has them too. */
export const exitCodes = {
  /** All is well. Also where nobody reads any more, as behind `| head -1`. */
  done: 0,
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
  /** One line; empty where there is nothing to say. */
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
  if (error instanceof Output.Closed) return { message: "", exitCode: exitCodes.done }
  if (CliError.isCliError(error)) return wrongUse(error)
  if (error instanceof Config.ConfigError) {
    return { message: oneLine(ofSetting(error)), exitCode: exitCodes.configuration }
  }
  // Without the module and the method it comes from: `--log-level debug` shows them.
  if (AiError.isAiError(error)) return { message: oneLine(error.reason.message), exitCode: codeOf(error) }
  const message = oneLine(error instanceof Error ? error.message : String(error))
  if (Predicate.isTagged(error, "NoKey")) return { message, exitCode: exitCodes.configuration }
  const tag = Predicate.hasProperty(error, "_tag") ? String(error._tag) : ""
  return { message, exitCode: tag === "Usage" || resolution.has(tag) ? exitCodes.usage : exitCodes.failed }
}

/** Of the flags and arguments. A command without a subcommand has shown its help, which is all. */
const wrongUse = (error: CliError.CliError): Shown => {
  const errors = error._tag === "ShowHelp" ? error.errors : [error]
  if (errors.length === 0) return { message: "", exitCode: exitCodes.usage }
  const [command] = error._tag === "ShowHelp" ? [error.commandPath.join(" ")] : ["llm-layers"]
  const messages = errors.map(({ message }) => oneLine(message).replace(/\.$/, ""))
  return { message: `${messages.join("; ")}. See ${command} --help`, exitCode: exitCodes.usage }
}

/** Which setting it is, and what is wrong with it. */
const ofSetting = ({ cause }: Config.ConfigError): string =>
  cause._tag === "SourceError"
    ? cause.message
    : issues(cause.issue).issues.map(({ message, path = [] }) =>
      `${path.map(String).join(".")}${message === notSet ? "" : ":"} ${message}`
    ).join("; ")

const issues = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => SchemaIssue.hasInput(issue) ? SchemaIssue.defaultLeafHook(issue) : notSet
})

const notSet = "is not set: put it into the environment, or into .env"

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

/** What a server says must not move the cursor. */
const oneLine = (text: string): string => Output.printable(text.replaceAll(/\s*\n\s*/g, " ").trim())
