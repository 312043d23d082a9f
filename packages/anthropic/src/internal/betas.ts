/** The values of the `anthropic-beta` header that a request needs. Source: `AnthropicBeta` of `@anthropic-ai/sdk` 1.11. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import { advisorBeta, mcpBeta } from "./definitions.ts"
import type { Config } from "./settings.ts"

const compactBeta = "compact-2026-01-12"
const fallbackBeta = "server-side-fallback-2026-07-01"

export const ofSettings = (settings: Config): ReadonlyArray<string> => {
  const edits = settings.contextManagement?.edits ?? []
  return [
    ...(settings.contextManagement === undefined ? [] : ["context-management-2025-06-27"]),
    ...(edits.some((edit) => edit.type.startsWith("compact_")) ? [compactBeta] : []),
    ...(settings.speed === undefined ? [] : ["fast-mode-2026-02-01"]),
    ...(settings.taskBudget === undefined ? [] : ["task-budgets-2026-03-13"]),
    ...(settings.fallbacks === undefined ? [] : [fallbackBeta]),
    ...(displaysUpdates(settings) ? ["thinking-display-updates-2026-08-18"] : [])
  ]
}

const displaysUpdates = ({ thinking }: Config): boolean =>
  thinking !== undefined && "display" in thinking && thinking.display === "updates"

const blocks: { readonly [type: string]: string } = {
  mcp_tool_use: mcpBeta,
  mcp_tool_result: mcpBeta,
  mcp_tool_listing: mcpBeta,
  advisor_tool_result: advisorBeta,
  compaction: compactBeta,
  fallback: fallbackBeta
}

/**
 * Those of blocks in the history: what made them may not be asked for any more. One that is named in another version,
 * `named`, is not named again.
 */
export const ofMessages = (
  messages: ReadonlyArray<Beta.BetaMessageParam>,
  named: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const found = new Set<string>()
  for (const { content } of messages) {
    if (!Array.isArray(content)) continue
    for (const block of content) {
      const isAdvisor = block.type === "server_tool_use" && block.name === "advisor"
      const beta = isAdvisor ? advisorBeta : blocks[block.type]
      if (beta !== undefined) found.add(beta)
    }
  }
  return [...found].filter((beta) => !named.some((one) => nameOf(one) === nameOf(beta)))
}

const nameOf = (beta: string): string => beta.replace(/-\d{4}-\d{2}-\d{2}$/, "")
