/**
 * What Anthropic adds to prompts and to answers, under the key `anthropic`: the options a program can set on messages and
 * parts, and the metadata it can read from parts. `Prompt.fromResponseParts` carries the metadata of an answer into the
 * options of the next prompt, from which it goes back to the API unchanged.
 *
 * @example
 * ```ts
 * import "@llm-layers/anthropic/AnthropicMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([
 *   {
 *     role: "system",
 *     content: "The contract: …",
 *     options: { anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } }
 *   },
 *   { role: "user", content: "When does it end?" }
 * ])
 * ```
 */
import type { Json } from "effect/Schema"

/** Marks the end of a prefix to cache, for five minutes or an hour. Source: platform.claude.com/docs/en/build-with-claude/prompt-caching */
export type CacheControl = { readonly type: "ephemeral"; readonly ttl?: "5m" | "1h" }

/** On messages and on parts that can end a cached prefix. On a message it counts for its last part. */
export type CacheOptions = { readonly cacheControl?: CacheControl }

/** On a text of a user message or of a tool's output. */
export type TextOptions = CacheOptions & {
  /** Sends the text as a search result, so that the answer can cite it. */
  readonly searchResult?: { readonly source: string; readonly title: string; readonly citations?: boolean }
  /** On texts of an earlier answer: what they cited. */
  readonly citations?: ReadonlyArray<Json>
}

/** On a file. */
export type FileOptions = CacheOptions & {
  /** Of a document: what citations name it by. Default: the file's name. */
  readonly title?: string
  /** Of a document: what the model is told about it and does not cite. */
  readonly context?: string
  /** Of a document: whether the answer may cite it. Default: no. */
  readonly citations?: { readonly enabled: boolean }
  /** Puts an uploaded file (`file_…`) into the container of the code execution tool, instead of showing it to the model. */
  readonly containerUpload?: boolean
}

/** On reasoning, from an answer: what the API needs to take it back. A part without any of these cannot be sent. */
export type Reasoning = {
  readonly signature?: string
  /** Thinking that the vendor encrypted whole; the text of the part is empty. */
  readonly redactedData?: string
  /** A block that is neither text nor thinking (`compaction`, `fallback`, …), as it came; the text of the part is empty. */
  readonly block?: Json
}

/** On a tool call. */
export type ToolCall = CacheOptions & {
  /** The block it was, where it is not `tool_use`: `server_tool_use`, `mcp_tool_use`. */
  readonly type?: string
  /** The name on the wire, where it differs from the tool's. */
  readonly name?: string
  /** The MCP server, for `mcp_tool_use`. */
  readonly serverName?: string
  /** The toolset the tool belongs to: `computer`, `browser`. */
  readonly toolset?: string
  /** Who called: the model, or code that runs in its container. */
  readonly caller?: Json
}

/** On the result of a tool. */
export type ToolResult = CacheOptions & {
  /**
   * Of a tool of the program: blocks that are sent in place of its result, in the form of the wire, such as the
   * `tool_reference`s of a tool that searches for tools.
   */
  readonly content?: ReadonlyArray<Json>
  /** Of a tool that ran at Anthropic: the block it was, `web_search_tool_result`, … */
  readonly type?: string
  readonly caller?: Json
  /** Members of the block that this package does not know. */
  readonly more?: Json
}

/** On a text of an answer. */
export type Text = { readonly citations?: ReadonlyArray<Json> }

/** On a source: the citation as it came, with the cited text and the place in the document. */
export type Source = { readonly citation?: Json }

/** On the first part of an answer. */
export type ResponseInfo = {
  /** The `request-id` header: what Anthropic's support asks for. */
  readonly requestId?: string
}

/** On the finish part. */
export type Finish = {
  /** As it came: `end_turn`, `refusal`, … */
  readonly stopReason?: string
  /** Which of the `stopSequences` ended the answer. */
  readonly stopSequence?: string
  /** For a refusal: its category and explanation. */
  readonly stopDetails?: Json
  /** The container of the code execution tool: its id can be given to the next request as `container`. */
  readonly container?: Json
  /** Which edits of `contextManagement` were made. */
  readonly contextManagement?: Json
  /** Token counts as they came, with service tier, uses of server tools and counts by iteration. */
  readonly usage?: Json
  /** Members of the message that this package does not know. */
  readonly more?: Json
  /** Blocks, deltas and events that this package does not know, as they came. */
  readonly unknown?: ReadonlyArray<Json>
}

declare module "effect/ai/Prompt" {
  interface SystemMessageOptions {
    readonly anthropic?: CacheOptions | null
  }
  interface UserMessageOptions {
    readonly anthropic?: CacheOptions | null
  }
  interface AssistantMessageOptions {
    readonly anthropic?: CacheOptions | null
  }
  interface ToolMessageOptions {
    readonly anthropic?: CacheOptions | null
  }
  interface TextPartOptions {
    readonly anthropic?: TextOptions | null
  }
  interface FilePartOptions {
    readonly anthropic?: FileOptions | null
  }
  interface ReasoningPartOptions {
    readonly anthropic?: Reasoning | null
  }
  interface ToolCallPartOptions {
    readonly anthropic?: ToolCall | null
  }
  interface ToolResultPartOptions {
    readonly anthropic?: ToolResult | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata {
    readonly anthropic?: Text
  }
  interface TextEndPartMetadata {
    readonly anthropic?: Text
  }
  interface ReasoningPartMetadata {
    readonly anthropic?: Reasoning
  }
  interface ReasoningEndPartMetadata {
    readonly anthropic?: Reasoning
  }
  interface ToolCallPartMetadata {
    readonly anthropic?: ToolCall
  }
  interface ToolResultPartMetadata {
    readonly anthropic?: ToolResult
  }
  interface DocumentSourcePartMetadata {
    readonly anthropic?: Source
  }
  interface UrlSourcePartMetadata {
    readonly anthropic?: Source
  }
  interface ResponseMetadataPartMetadata {
    readonly anthropic?: ResponseInfo
  }
  interface FinishPartMetadata {
    readonly anthropic?: Finish
  }
}
