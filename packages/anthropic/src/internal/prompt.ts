/** Encode: Prompt → system blocks and messages. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { CacheControl } from "../AnthropicMetadata.ts"
import { encodeAssistantPart, encodeServerResult } from "./assistantBlocks.ts"
import { type Block, encodeCache, isNothing, leaveOut, type PromptContext } from "./promptContext.ts"
import { encodeToolResult, encodeUserPart } from "./userBlocks.ts"

/** What a prompt is on the wire. */
export interface EncodedPrompt {
  readonly system?: Array<Beta.BetaTextBlockParam>
  readonly messages: Array<Beta.BetaMessageParam>
}

/** All messages of one side in a row. */
type Turn = UserTurn | AssistantTurn

interface UserTurn {
  readonly role: "user"
  /** The API wants results of tools before all else. */
  readonly results: Array<Block>
  readonly content: Array<Block>
  /** Later system messages, which the API takes at the end of a user turn alone. */
  readonly system: Array<Beta.BetaTextBlockParam>
}

interface AssistantTurn {
  readonly role: "assistant"
  readonly content: Array<Block>
}

export const encodePrompt = Effect.fnUntraced(function*(context: PromptContext, prompt: Prompt.Prompt) {
  const system: Array<Beta.BetaTextBlockParam> = []
  const turns: Array<Turn> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        encodeSystem(context, message, system, turns)
        break
      case "user":
        yield* encodeUser(context, message, turns)
        break
      case "assistant":
        yield* encodeAssistant(context, message, turns)
        break
      case "tool":
        yield* encodeTool(context, message, turns)
        break
    }
  }
  const messages = encodeTurns(turns, system)
  if (messages.length === 0) {
    return yield* ProviderError.make(context.subject.origin, "InvalidRequest", {
      description:
        "The prompt is empty, or has system messages alone; Anthropic's API wants a user message with content",
      parameter: "prompt"
    })
  }
  yield* checkEnd(context, messages)
  const encoded: EncodedPrompt = { ...(system.length === 0 ? undefined : { system }), messages }
  return encoded
})

/**
 * The first ones are the `system` of the request. Later ones stay where they are on models that take them, at the end of
 * the user turn they are in; on others they follow the first.
 */
const encodeSystem = (
  context: PromptContext,
  message: Prompt.SystemMessage,
  system: Array<Beta.BetaTextBlockParam>,
  turns: Array<Turn>
): void => {
  if (isNothing(message.content)) return
  const block: Beta.BetaTextBlockParam = {
    type: "text",
    text: message.content,
    ...encodeCache(message.options.anthropic)
  }
  const later = turns.length > 0 && context.subject.capabilities.systemInHistory
  if (later) userTurn(turns).system.push(block)
  else system.push(block)
}

const encodeUser = Effect.fnUntraced(
  function*(context: PromptContext, message: Prompt.UserMessage, turns: Array<Turn>) {
    const blocks: Array<Block> = []
    for (const part of message.content) blocks.push(...yield* encodeUserPart(context, part))
    if (blocks.length > 0) userTurn(turns).content.push(...cacheLast(blocks, message.options.anthropic?.cacheControl))
  }
)

const encodeAssistant = Effect.fnUntraced(function*(
  context: PromptContext,
  message: Prompt.AssistantMessage,
  turns: Array<Turn>
) {
  const blocks: Array<Block> = []
  const results: Array<Block> = []
  for (const part of message.content) {
    if (part.type === "tool-result") {
      if (part.providerExecuted) push(blocks, encodeServerResult(context, part))
      else results.push(yield* encodeToolResult(context, part))
    } else push(blocks, yield* encodeAssistantPart(context, part))
  }
  if (blocks.length > 0) {
    assistantTurn(turns).content.push(...cacheLast(blocks, message.options.anthropic?.cacheControl))
  }
  if (results.length > 0) userTurn(turns).results.push(...results)
})

const encodeTool = Effect.fnUntraced(
  function*(context: PromptContext, message: Prompt.ToolMessage, turns: Array<Turn>) {
    const results: Array<Block> = []
    for (const part of message.content) {
      if (part.type === "tool-approval-response") continue
      if (part.providerExecuted) push(assistantTurn(turns).content, encodeServerResult(context, part))
      else results.push(yield* encodeToolResult(context, part))
    }
    if (results.length > 0) userTurn(turns).results.push(...cacheLast(results, message.options.anthropic?.cacheControl))
  }
)

const push = <A>(all: Array<A>, one: A | undefined): void => {
  if (one !== undefined) all.push(one)
}

const userTurn = (turns: Array<Turn>): UserTurn => {
  const last = turns.at(-1)
  if (last?.role === "user") return last
  const next: UserTurn = { role: "user", results: [], content: [], system: [] }
  turns.push(next)
  return next
}

const assistantTurn = (turns: Array<Turn>): AssistantTurn => {
  const last = turns.at(-1)
  if (last?.role === "assistant") return last
  const next: AssistantTurn = { role: "assistant", content: [] }
  turns.push(next)
  return next
}

/** Blocks that cannot end a cached prefix. Source: platform.claude.com/docs/en/build-with-claude/prompt-caching */
const notCacheable = new Set(["thinking", "redacted_thinking", "fallback", "mcp_tool_listing"])

/** The mark of a message counts for its last block; a mark of the block's own wins. */
const cacheLast = (blocks: ReadonlyArray<Block>, cacheControl: CacheControl | undefined): ReadonlyArray<Block> => {
  if (cacheControl === undefined) return blocks
  const at = blocks.findLastIndex((block) => !notCacheable.has(block.type))
  return blocks.map((block, index) => index === at ? { cache_control: cacheControl, ...block } : block)
}

/**
 * A system message in the middle must follow a user turn and must not be followed by one. Source:
 * platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages#limitations. One without a user turn to
 * follow joins the first system messages.
 */
const encodeTurns = (
  turns: ReadonlyArray<Turn>,
  system: Array<Beta.BetaTextBlockParam>
): Array<Beta.BetaMessageParam> => {
  const messages: Array<Beta.BetaMessageParam> = []
  let open: Array<Block> | undefined
  for (const turn of turns) {
    if (turn.role === "assistant") {
      // Two in a row where a system message between them went elsewhere.
      if (open !== undefined) open.push(...turn.content)
      else {
        open = [...turn.content]
        messages.push({ role: "assistant", content: open })
      }
      continue
    }
    const content = [...turn.results, ...turn.content]
    if (content.length === 0) {
      system.push(...turn.system)
      continue
    }
    open = undefined
    messages.push({ role: "user", content })
    if (turn.system.length > 0) messages.push({ role: "system", content: turn.system })
  }
  return messages
}

/** A turn that the vendor paused ends with an assistant message, too, and every model continues it. */
const isPaused = (content: ReadonlyArray<Block>): boolean =>
  content.some((block) => block.type === "server_tool_use" || block.type === "mcp_tool_use")

const checkEnd = Effect.fnUntraced(function*(context: PromptContext, messages: Array<Beta.BetaMessageParam>) {
  const last = messages.at(-1)
  if (last?.role !== "assistant" || typeof last.content === "string" || isPaused(last.content)) return
  if (!context.subject.capabilities.prefill) {
    return yield* Capability.unsupportedPrompt(
      context.subject,
      "prefill",
      "an assistant message at the end of the prompt"
    )
  }
  const block = last.content.at(-1)
  if (block?.type !== "text" || block.text.trimEnd() === block.text) return
  // "final assistant content cannot end with trailing whitespace"
  leaveOut(context, "white space at the end of the last assistant message was left out: the API refuses it")
  last.content.splice(-1, 1, { ...block, text: block.text.trimEnd() })
})
