/** What is done with the tool calls of every answer, whoever the vendor is. */
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Metadata from "../Metadata.ts"
import type * as ProviderError from "../ProviderError.ts"
import * as ToolParameters from "../ToolParameters.ts"

type AnyPart = Response.PartEncoded | Response.StreamPartEncoded

/** Whether any part needs the work below; most reads of a stream have none. */
export const needDecoding = (parts: ReadonlyArray<AnyPart>, undeclared: ReadonlyArray<AnyPart>): boolean =>
  undeclared.length > 0 || parts.some((part) => part.type === "tool-call" || part.type === "tool-result")

/**
 * Brings the arguments into the form the framework takes, and fails on a tool that was not offered: the framework would
 * run one that `oneOf` had left out, and would fail the whole answer with a schema error on one that does not exist.
 *
 * Calls and results the vendor made itself with tools nobody declared have no schema to be decoded with; they go into
 * the metadata of the finish part, so that nothing is lost and nothing fails.
 */
export const decodeToolCalls = <Part extends AnyPart>(
  origin: ProviderError.Origin,
  options: LanguageModel.ProviderOptions,
  transformer: LanguageModel.CodecTransformer,
  parts: ReadonlyArray<Part>,
  undeclared: Array<Part>
): Effect.Effect<Array<Part>, AiError.AiError> =>
  Effect.gen(function*() {
    const out: Array<Part> = []
    for (const part of parts) {
      if (part.type === "finish" && undeclared.length > 0) {
        out.push({
          ...part,
          // Parts type their metadata by provider; every value of it is JSON.
          metadata: Metadata.merge(
            part.metadata as Metadata.Metadata | undefined,
            Metadata.make(Metadata.namespace, { undeclared })
          )
        })
        continue
      }
      if (part.type !== "tool-call" && part.type !== "tool-result") {
        out.push(part)
        continue
      }
      const tool = options.tools.find((one) => one.name === part.name)
      if (tool === undefined && part.providerExecuted === true) {
        undeclared.push(part)
        continue
      }
      if (part.type !== "tool-call" || part.providerExecuted === true) {
        out.push(part)
        continue
      }
      if (tool === undefined) {
        if (options.toolCallValidation === "deferred") {
          out.push(part)
          continue
        }
        return yield* AiError.make({
          module: origin.module,
          method: origin.method,
          reason: new AiError.ToolNotFoundError({
            toolName: part.name,
            availableTools: options.tools.map((one) => one.name)
          })
        })
      }
      out.push({ ...part, params: yield* ToolParameters.decode(tool, part.params, transformer) })
    }
    return out
  })
