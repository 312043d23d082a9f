/** A prompt as input items: entry, one function per role, one per part. */
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { requestId } from "./approval.ts"
import { breakpoint, encodeContents, type Wire } from "./content.ts"
import type { Context } from "./context.ts"
import { encodeAssistant } from "./history.ts"
import { readString } from "./namespace.ts"
import { encodeResult } from "./results.ts"

/** The input items of a prompt. */
export const encodePrompt = (context: Context, prompt: Prompt.Prompt): Effect.Effect<Array<Wire>, AiError.AiError> =>
  Effect.gen(function*() {
    const items: Array<Wire> = []
    for (const message of prompt.content) {
      switch (message.role) {
        case "system":
          items.push(encodeSystem(context, message))
          break
        case "user": {
          const content = yield* encodeContents(context.subject, message.content)
          if (content.length > 0) items.push({ role: "user", content })
          break
        }
        case "assistant":
          items.push(...yield* encodeAssistant(context, message))
          break
        case "tool":
          items.push(...yield* encodeTool(context, message))
          break
      }
    }
    return items
  })

/** The Responses API takes system messages anywhere; they stay where they are. */
const encodeSystem = (context: Context, message: Prompt.SystemMessage): Wire => {
  const role = readString(message.options, "role") ?? context.systemRole
  const cached = breakpoint(message.options)
  return {
    role,
    content: cached === undefined ? message.content : [{ type: "input_text", text: message.content, ...cached }]
  }
}

const encodeTool = (
  context: Context,
  message: Prompt.ToolMessage
): Effect.Effect<ReadonlyArray<Wire>, AiError.AiError> =>
  Effect.gen(function*() {
    const items: Array<Wire> = []
    for (const part of message.content) {
      if (part.type === "tool-approval-response") items.push(encodeApproval(part))
      else items.push(yield* encodeResult(context, part, findCall(context.whole, part.id)))
    }
    return items
  })

/** The framework answers the approvals of its own tools; what is left is for an MCP server. */
const encodeApproval = (part: Prompt.ToolApprovalResponsePart): Wire => ({
  type: "mcp_approval_response",
  approval_request_id: requestId(part.approvalId),
  approve: part.approved,
  ...(part.reason === undefined ? undefined : { reason: part.reason })
})

const findCall = (prompt: Prompt.Prompt, id: string): Prompt.ToolCallPart | undefined => {
  for (const message of prompt.content.toReversed()) {
    if (message.role !== "assistant") continue
    for (const part of message.content) if (part.type === "tool-call" && part.id === id) return part
  }
  return undefined
}
