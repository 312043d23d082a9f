/** A prompt as input items: entry, one function per role, one per part. */
import * as ToolCallIds from "@llm-layers/core/ToolCallIds"
import type { Warning } from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { requestId } from "./approval.ts"
import { breakpoint, encodeContents, type Wire } from "./content.ts"
import type { Context } from "./context.ts"
import { encodeAssistant } from "./history.ts"
import { read, readString } from "./namespace.ts"
import { encodeResult } from "./results.ts"

/** The input items of a prompt. */
export const encodePrompt = (context: Context, prompt: Prompt.Prompt): Effect.Effect<Array<Wire>, AiError.AiError> =>
  Effect.gen(function*() {
    const items: Array<Wire> = []
    for (const message of prompt.content) {
      if (read(message.options, "name") !== undefined) context.warnings.push(nameless)
      switch (message.role) {
        case "system":
          items.push(encodeSystem(context, message))
          break
        case "user": {
          const content = yield* encodeContents(context.subject, message.content)
          const last = content.pop()
          if (last !== undefined) {
            items.push({ role: "user", content: [...content, { ...breakpoint(message.options), ...last }] })
          }
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
    return withCallIds(items)
  })

/** A longer id is refused with `string_above_max_length`: other vendors make such. */
const callIdRule: ToolCallIds.Rule = { pattern: /^.{1,64}$/s, length: 14 }

const withCallIds = (items: Array<Wire>): Array<Wire> => {
  const encode = ToolCallIds.make(callIdRule)
  return items.map((item) => {
    const id = item["call_id"]
    const encoded = typeof id === "string" ? encode(id) : id
    if (encoded === id) return item
    return { ...item, ...(item["id"] === id ? { id: encoded } : undefined), call_id: encoded }
  })
}

/** Chat Completions has them. */
const nameless: Warning = { about: "name", message: "The Responses API has no names of participants; it was left out" }

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
      else items.push(yield* encodeResult(context, part))
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
