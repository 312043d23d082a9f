/**
 * The tools that Anthropic's Messages API has of its own.
 *
 * Some run at Anthropic (web search, web fetch, code execution, advisor, tool search, remote MCP servers): their calls and
 * results come in the answer with `providerExecuted: true` and go back with the history. The others (bash, text editor,
 * memory, computer, browser) are known to the model and run by a handler of the program, like any tool of a `Toolkit`.
 *
 * Arguments have the names of the wire, which are those of Anthropic's documentation, and are open: a member that is newer
 * than this package is sent as it is, and `type` chooses another version of the tool. Headers for tools that are in beta
 * are sent without being asked for. Parameters and results are typed as `@anthropic-ai/sdk` types them; at run time they
 * are only held to be JSON, so that an answer never fails because the vendor added something.
 *
 * Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference
 */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Messages from "@anthropic-ai/sdk/resources/messages/messages"
import * as Tool from "effect/ai/Tool"
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { CacheControl } from "./AnthropicMetadata.ts"

/** A record of the wire with members this package does not know. */
export type Open<A> = A & { readonly [key: string]: unknown }

/** A tool of the wire; its name is fixed and its version may be another. */
type Args<A> = Open<Omit<A, "type" | "name"> & { readonly type?: string }>

// The vendor's type is its promise. What is checked is that the value is JSON, so a changed member fails nothing.
const open = <A>(): Schema.Codec<A> => Schema.Json as unknown as Schema.Codec<A>

// Arguments are written by the program, whose compiler checks them; they may hold what JSON lacks.
const given = <A>(): Schema.Codec<A> => Schema.Unknown as unknown as Schema.Codec<A>

/** What a handler of a tool gives back: text, or blocks of a `tool_result` such as an image. */
export type HandlerResult = string | ReadonlyArray<Beta.BetaToolResultContentBlockParam>

/** The pages a search found, or why there are none. */
export type WebSearchResult = Messages.WebSearchToolResultBlockContent

/**
 * Searches the web. What the answer cites comes as `source` parts. Default version: `web_search_20250305`; later ones
 * filter results with code, on models that can.
 *
 * @example
 * ```ts
 * import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
 * import { Toolkit } from "effect/ai"
 *
 * export const toolkit = Toolkit.make(
 *   AnthropicTool.WebSearch({ max_uses: 3, allowed_domains: ["effect.website"] })
 * )
 * ```
 */
export const WebSearch = Tool.providerDefined({
  id: "anthropic.web_search",
  customName: "AnthropicWebSearch",
  providerName: "web_search",
  args: given<Args<Messages.WebSearchTool20260318>>(),
  parameters: open<Open<{ readonly query?: string }>>(),
  success: open<WebSearchResult>(),
  failure: open<WebSearchResult>()
})

/** The page, or why it could not be had. */
export type WebFetchResult = Messages.WebFetchToolResultBlock["content"]

/** Fetches pages and PDFs whose addresses are in the prompt. Default version: `web_fetch_20250910`. */
export const WebFetch = Tool.providerDefined({
  id: "anthropic.web_fetch",
  customName: "AnthropicWebFetch",
  providerName: "web_fetch",
  args: given<Args<Messages.WebFetchTool20260318>>(),
  parameters: open<Open<{ readonly url?: string }>>(),
  success: open<WebFetchResult>(),
  failure: open<WebFetchResult>()
})

/** What a command, an edit of a file or a run of Python gave. */
export type CodeExecutionResult =
  | Messages.CodeExecutionToolResultBlockContent
  | Messages.BashCodeExecutionToolResultBlock["content"]
  | Messages.TextEditorCodeExecutionToolResultBlock["content"]

/**
 * Runs commands and edits files in a container at Anthropic. Its calls are three on the wire (Python, bash, text editor)
 * and one tool here; which it was is in the metadata (`name`). Default version: `code_execution_20250825`.
 */
export const CodeExecution = Tool.providerDefined({
  id: "anthropic.code_execution",
  customName: "AnthropicCodeExecution",
  providerName: "code_execution",
  args: given<Args<Messages.CodeExecutionTool20260521>>(),
  parameters: open<Open<{ readonly code?: string; readonly command?: string; readonly path?: string }>>(),
  success: open<CodeExecutionResult>(),
  failure: open<CodeExecutionResult>()
})

/** What the advisor said, or the encrypted form of it. */
export type AdvisorResult = Beta.BetaAdvisorToolResultBlock["content"]

/** Lets the model ask a stronger one. In beta. Version: `advisor_20260301`. */
export const Advisor = Tool.providerDefined({
  id: "anthropic.advisor",
  customName: "AnthropicAdvisor",
  providerName: "advisor",
  args: given<Args<Beta.BetaAdvisorTool20260301>>(),
  parameters: open<Open<{}>>(),
  success: open<AdvisorResult>(),
  failure: open<AdvisorResult>()
})

/** The names of the tools a search found. */
export type ToolSearchResult = Messages.ToolSearchToolResultBlock["content"]

/** Lets the model search, by regular expression, tools that are marked with `defer_loading` in their {@link Options}. */
export const ToolSearchRegex = Tool.providerDefined({
  id: "anthropic.tool_search_regex",
  customName: "AnthropicToolSearchRegex",
  providerName: "tool_search_tool_regex",
  args: given<Args<Messages.ToolSearchToolRegex20251119>>(),
  parameters: open<Open<{ readonly pattern?: string }>>(),
  success: open<ToolSearchResult>(),
  failure: open<ToolSearchResult>()
})

/** The same, by words. */
export const ToolSearchBm25 = Tool.providerDefined({
  id: "anthropic.tool_search_bm25",
  customName: "AnthropicToolSearchBm25",
  providerName: "tool_search_tool_bm25",
  args: given<Args<Messages.ToolSearchToolBm25_20251119>>(),
  parameters: open<Open<{ readonly query?: string }>>(),
  success: open<ToolSearchResult>(),
  failure: open<ToolSearchResult>()
})

/** A remote MCP server, and which of its tools the model may use. Its token never appears in an error. */
export type McpArgs =
  & Open<Omit<Beta.BetaRequestMCPServerURLDefinition, "type" | "name" | "authorization_token" | "tool_configuration">>
  & Omit<Beta.BetaMCPToolset, "type" | "mcp_server_name">
  & { readonly authorization_token?: string | Redacted.Redacted }

/** What a tool of an MCP server gave. */
export type McpResult = Beta.BetaMCPToolResultBlock["content"]

/**
 * A remote MCP server that Anthropic calls. Each server is a tool of its own, named after it; which of the server's tools
 * was called is in the metadata of the call (`name`). In beta.
 *
 * @example
 * ```ts
 * import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
 * import { Toolkit } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const docs = AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com/mcp" })
 * strictEqual(docs.name, "AnthropicMcp_docs")
 *
 * export const toolkit = Toolkit.make(docs)
 * ```
 */
export const Mcp = <const Name extends string>(args: McpArgs & { readonly name: Name }) =>
  Tool.providerDefined({
    id: "anthropic.mcp",
    customName: `AnthropicMcp_${args.name}` as const,
    providerName: args.name,
    args: given<McpArgs & { readonly name: string }>(),
    parameters: open<unknown>(),
    success: open<McpResult>(),
    failure: open<McpResult>()
  })(args)

/** A command to run, or a wish for a new shell. */
export type BashCall = Open<{ readonly command?: string; readonly restart?: boolean }>

/** A shell that a handler runs where the program runs. Version: `bash_20250124`. */
export const Bash = Tool.providerDefined({
  id: "anthropic.bash",
  customName: "AnthropicBash",
  providerName: "bash",
  requiresHandler: true,
  args: given<Args<Messages.ToolBash20250124>>(),
  parameters: open<BashCall>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/** `view`, `create`, `str_replace` or `insert`, and what it needs. */
export type TextEditorCall = Open<{
  readonly command: string
  readonly path: string
  readonly file_text?: string
  readonly old_str?: string
  readonly new_str?: string
  readonly insert_line?: number
  readonly insert_text?: string
  readonly view_range?: ReadonlyArray<number>
}>

/** Views and edits text files through a handler. Default version: `text_editor_20250728`, since Claude 4. */
export const TextEditor = Tool.providerDefined({
  id: "anthropic.text_editor",
  customName: "AnthropicTextEditor",
  providerName: "str_replace_based_edit_tool",
  requiresHandler: true,
  args: given<Args<Messages.ToolTextEditor20250728>>(),
  parameters: open<TextEditorCall>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/** Keeps files between conversations, through a handler. Version: `memory_20250818`. */
export const Memory = Tool.providerDefined({
  id: "anthropic.memory",
  customName: "AnthropicMemory",
  providerName: "memory",
  requiresHandler: true,
  args: given<Args<Messages.MemoryTool20250818>>(),
  parameters: open<Beta.BetaMemoryTool20250818Command>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/** What to do on a screen: `action` is `screenshot`, `left_click`, `type`, … */
export type ComputerCall = Open<{ readonly action: string }>

/**
 * Operates a screen through a handler. In beta; models since Claude 5.5 take {@link ComputerToolset} in its place. Default
 * version: `computer_20251124`.
 */
export const Computer = Tool.providerDefined({
  id: "anthropic.computer",
  customName: "AnthropicComputer",
  providerName: "computer",
  requiresHandler: true,
  args: given<Args<Beta.BetaToolComputerUse20251124>>(),
  parameters: open<ComputerCall>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/**
 * Operates a screen through a handler. On the wire each action is a tool; here they are one, and `action` has the name of
 * the action. Version: `computer_toolset_20260801`.
 */
export const ComputerToolset = Tool.providerDefined({
  id: "anthropic.computer_toolset",
  customName: "AnthropicComputerToolset",
  providerName: "computer",
  requiresHandler: true,
  args: given<Args<Messages.ComputerToolset20260801>>(),
  parameters: open<ComputerCall>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/** The same for a browser. Version: `browser_toolset_20260801`. */
export const BrowserToolset = Tool.providerDefined({
  id: "anthropic.browser_toolset",
  customName: "AnthropicBrowserToolset",
  providerName: "browser",
  requiresHandler: true,
  args: given<Args<Messages.BrowserToolset20260801>>(),
  parameters: open<ComputerCall>(),
  success: open<HandlerResult>(),
  failure: open<HandlerResult>()
})

/** What Anthropic takes for a tool of the program: `cacheControl` as in prompts, the others by the names of the wire. */
export interface ToolOptions {
  /** Ends a cached prefix after this tool. */
  readonly cacheControl?: CacheControl
  /** Keeps the tool out of the model's context until a tool search finds it. */
  readonly defer_loading?: boolean
  /** Streams arguments as they are written, without waiting for whole members; they may then not be JSON. */
  readonly eager_input_streaming?: boolean
  readonly input_examples?: ReadonlyArray<{ readonly [key: string]: unknown }>
  /** Who may call the tool: the model (`direct`), code in its container (`code_execution_…`). */
  readonly allowed_callers?: ReadonlyArray<string>
}

/**
 * Annotation for a tool of the program.
 *
 * @example
 * ```ts
 * import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
 * import { Schema } from "effect"
 * import { Tool, Toolkit } from "effect/ai"
 *
 * const rate = Tool.make("exchange_rate", { parameters: Schema.Struct({ from: Schema.String, to: Schema.String }) })
 *
 * export const toolkit = Toolkit.make(
 *   rate.annotate(AnthropicTool.Options, { cacheControl: { type: "ephemeral" }, eager_input_streaming: true })
 * )
 * ```
 */
export const Options = Context.Reference<ToolOptions>("@llm-layers/anthropic/AnthropicTool/Options", {
  defaultValue: () => ({})
})
