/** Results of tools that the program ran, as the output items of their calls. */
import * as Json from "@llm-layers/core/Json"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { encodeContents, type Wire } from "./content.ts"
import type { Context } from "./context.ts"
import { read, readString } from "./namespace.ts"

/** A result as text: a text as it is, anything else as JSON. */
export const resultText = (result: unknown): string =>
  typeof result === "string" ? result : JSON.stringify(result ?? null)

/** The output item of a result, as the call it answers wants it. */
export const encodeResult = (
  context: Context,
  part: Prompt.ToolResultPart
): Effect.Effect<Wire, AiError.AiError> => {
  const call = findCall(context.whole, part.id)
  const type = readString(call?.options, "type") ?? "function_call"
  const encode = outputs[type]
  if (encode !== undefined) return Effect.succeed(encode(part, callerOf(call)))
  const custom = type === "custom_tool_call"
  return Effect.map(encodeOutput(context, part), (output) => ({
    type: custom ? "custom_tool_call_output" : "function_call_output",
    call_id: part.id,
    output,
    ...callerOf(call)
  }))
}

const findCall = (prompt: Prompt.Prompt, id: string): Prompt.ToolCallPart | undefined => {
  for (const message of prompt.content.toReversed()) {
    if (message.role !== "assistant") continue
    for (const part of message.content) if (part.type === "tool-call" && part.id === id) return part
  }
  return undefined
}

const encodeOutput = (
  context: Context,
  part: Prompt.ToolResultPart
): Effect.Effect<string | Array<Wire>, AiError.AiError> =>
  part.modelOutput === undefined
    ? Effect.succeed(resultText(part.result))
    : encodeContents(context.subject, part.modelOutput)

/** A call that a program made is answered to that program. */
const callerOf = (call: Prompt.ToolCallPart | undefined): Wire | undefined => {
  const caller = read(call?.options, "caller") ?? Json.record(read(call?.options, "item"))["caller"]
  return Json.isRecord(caller) ? { caller } : undefined
}

/** What a handler gave up with: its reason, where the framework did not let it run. */
const failureText = (result: unknown): string => Json.string(Json.record(result)["reason"]) ?? resultText(result)

/** By the type of the call. */
const outputs: {
  readonly [type: string]: (part: Prompt.ToolResultPart, caller: Wire | undefined) => Wire
} = {
  shell_call: (part, caller) => {
    const given = Json.record(part.result)
    return {
      type: "shell_call_output",
      call_id: part.id,
      output: Array.isArray(given["output"]) ? given["output"] : [{
        stdout: part.isFailure ? "" : resultText(part.result),
        stderr: part.isFailure ? failureText(part.result) : "",
        outcome: { type: "exit", exit_code: part.isFailure ? 1 : 0 }
      }],
      ...(given["max_output_length"] === undefined ? undefined : { max_output_length: given["max_output_length"] }),
      ...caller
    }
  },
  local_shell_call: (part) => ({
    type: "local_shell_call_output",
    // The API's description requires both and names one; they are the same.
    id: part.id,
    call_id: part.id,
    output: part.isFailure ? failureText(part.result) : resultText(part.result)
  }),
  apply_patch_call: (part, caller) => ({
    type: "apply_patch_call_output",
    call_id: part.id,
    status: part.isFailure ? "failed" : "completed",
    output: part.isFailure ? failureText(part.result) : resultText(part.result),
    ...caller
  }),
  computer_call: (part) => {
    const given = Json.record(part.result)
    return {
      type: "computer_call_output",
      call_id: part.id,
      output: given["output"] ?? given,
      ...(given["acknowledged_safety_checks"] === undefined
        ? undefined
        : { acknowledged_safety_checks: given["acknowledged_safety_checks"] })
    }
  },
  tool_search_call: (part) => ({
    type: "tool_search_output",
    call_id: part.id,
    execution: "client",
    status: part.isFailure ? "incomplete" : "completed",
    tools: Json.list(Json.record(part.result)["tools"])
  })
}
