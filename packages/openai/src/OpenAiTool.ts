/**
 * The tools that OpenAI's Responses API has of its own.
 *
 * Some run at OpenAI (web search, file search, code interpreter, image generation, remote MCP servers, tool search, the
 * hosted shell): their calls and results come in the answer with `providerExecuted: true`. The others (local shell,
 * shell, patches, computer use, free-form tools) are run by a handler of the program, like any tool of a `Toolkit`.
 *
 * Arguments have the names of the wire, which are those of OpenAI's documentation, and are open: a member that is newer
 * than this package is sent as it is. Results are typed as the `openai` package types them; at run time they are only
 * held to be JSON objects, so that an answer never fails because the vendor added something.
 *
 * Source: https://developers.openai.com/api/docs/guides/tools
 */
import * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import type * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Responses from "openai/resources/responses/responses"
import { answerId } from "./internal/approval.ts"
import { deferLoading } from "./internal/deferLoading.ts"

/** A record of the wire with members this package does not know. */
export type Open<A> = A & { readonly [key: string]: unknown }

/** A tool or an item of the wire without its discriminator. */
type Args<A> = Open<Omit<A, "type">>

// Arguments are written by the program, whose compiler checks them; they may hold what JSON lacks.
const given = <A>(): Schema.Codec<A> => Schema.Unknown as unknown as Schema.Codec<A>

// The vendor's type is its promise. What is checked is that the value is a JSON object, so a changed field fails nothing.
const open = <A>(): Schema.Codec<A> => Schema.Record(Schema.String, Schema.Json) as unknown as Schema.Codec<A>

/** A call of the web search: what the model searched for or opened. */
export type WebSearchCall = Open<Partial<Pick<Responses.ResponseFunctionWebSearch, "action">>>

/** Searches the web. Citations come as `source` parts. */
export const WebSearch = Tool.providerDefined({
  id: "openai.web_search",
  customName: "OpenAiWebSearch",
  providerName: "web_search",
  args: open<Args<Responses.WebSearchTool>>(),
  parameters: open<WebSearchCall>(),
  success: open<WebSearchResult>(),
  failure: open<WebSearchResult>()
})

/** The result of a web search; its sources are there with `include: ["web_search_call.action.sources"]`. */
export type WebSearchResult = Open<Partial<Omit<Responses.ResponseFunctionWebSearch, "id" | "type">>>

/** The earlier form of {@link WebSearch}, for models that take no other. */
export const WebSearchPreview = Tool.providerDefined({
  id: "openai.web_search_preview",
  customName: "OpenAiWebSearchPreview",
  providerName: "web_search_preview",
  args: open<Args<Responses.WebSearchPreviewTool>>(),
  parameters: open<WebSearchCall>(),
  success: open<WebSearchResult>(),
  failure: open<WebSearchResult>()
})

/** The result of a file search; its texts are there with `include: ["file_search_call.results"]`. */
export type FileSearchResult = Open<Partial<Omit<Responses.ResponseFileSearchToolCall, "id" | "type">>>

/** Searches vector stores at OpenAI. */
export const FileSearch = Tool.providerDefined({
  id: "openai.file_search",
  customName: "OpenAiFileSearch",
  providerName: "file_search",
  args: open<Args<Responses.FileSearchTool>>(),
  parameters: open<Open<Partial<Pick<Responses.ResponseFileSearchToolCall, "queries">>>>(),
  success: open<FileSearchResult>(),
  failure: open<FileSearchResult>()
})

/** The result of a run; its outputs are there with `include: ["code_interpreter_call.outputs"]`. */
export type CodeInterpreterResult = Open<Partial<Pick<Responses.ResponseCodeInterpreterToolCall, "outputs" | "status">>>

/** Runs Python in a container at OpenAI. The code streams as the arguments of the call. */
export const CodeInterpreter = Tool.providerDefined({
  id: "openai.code_interpreter",
  customName: "OpenAiCodeInterpreter",
  providerName: "code_interpreter",
  args: open<Args<Responses.Tool.CodeInterpreter>>(),
  parameters: open<Open<Partial<Pick<Responses.ResponseCodeInterpreterToolCall, "code" | "container_id">>>>(),
  success: open<CodeInterpreterResult>(),
  failure: open<CodeInterpreterResult>()
})

/** What is known of a generated image; the image itself is a `file` part. */
export type ImageGenerationResult = Open<
  Partial<Omit<Responses.ResponseOutputItem.ImageGenerationCall, "id" | "type" | "result">>
>

/**
 * Generates images. Each is a `file` part of the answer; partial ones, where `partial_images` asks for them, are
 * preliminary tool results with the image in `partial_image_b64`.
 */
export const ImageGeneration = Tool.providerDefined({
  id: "openai.image_generation",
  customName: "OpenAiImageGeneration",
  providerName: "image_generation",
  args: open<Args<Responses.Tool.ImageGeneration>>(),
  parameters: open<Open<{}>>(),
  success: open<ImageGenerationResult>(),
  failure: open<ImageGenerationResult>()
})

/** What the model asked an MCP server for. Listing its tools is a call as well. */
export type McpCall = Open<
  | { readonly type: "call"; readonly server_label: string; readonly name: string; readonly arguments: unknown }
  | { readonly type: "list_tools"; readonly server_label: string }
>

/** What an MCP server gave. */
export type McpResult = Open<
  & Partial<Pick<Responses.ResponseOutputItem.McpCall, "output" | "error" | "status">>
  & Partial<Pick<Responses.ResponseOutputItem.McpListTools, "tools">>
>

/** A remote MCP server. Its token, and `Redacted` values of headers, never appear in an error. */
export type McpArgs = Open<Omit<Responses.Tool.Mcp, "type" | "server_label" | "authorization" | "headers">> & {
  readonly authorization?: string | Redacted.Redacted
  readonly headers?: { readonly [name: string]: string | Redacted.Redacted } | null
}

/**
 * A remote MCP server that OpenAI calls. Each server is a tool of its own, named after its label.
 *
 * Where the server needs approval the answer has a `tool-approval-request`; see {@link approval}.
 *
 * @example
 * ```ts
 * import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
 * import { Toolkit } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const docs = OpenAiTool.Mcp({ server_label: "docs", server_url: "https://mcp.example.com", require_approval: "never" })
 * strictEqual(docs.name, "OpenAiMcp_docs")
 *
 * export const toolkit = Toolkit.make(docs, OpenAiTool.WebSearch({ search_context_size: "low" }))
 * ```
 */
export const Mcp = <const Label extends string>(
  args: McpArgs & { readonly server_label: Label }
) =>
  Tool.providerDefined({
    id: "openai.mcp",
    customName: `OpenAiMcp_${args.server_label}` as const,
    providerName: "mcp",
    args: given<McpArgs & { readonly server_label: string }>(),
    parameters: open<McpCall>(),
    success: open<McpResult>(),
    failure: open<McpResult>()
  })(args)

/** What the model searches for, in the form the tool's `parameters` gave it. */
export type ToolSearchCall = Open<{ readonly arguments?: unknown }>

/** The tool definitions a search found. */
export type ToolSearchResult = Open<Partial<Pick<Responses.ResponseToolSearchOutputItem, "tools" | "status">>>

/** Lets the model search tools that are marked with {@link DeferLoading}, in place of having all of them in its context. */
export const ToolSearch = Tool.providerDefined({
  id: "openai.tool_search",
  customName: "OpenAiToolSearch",
  providerName: "tool_search",
  args: open<Open<{ readonly execution?: "server" }>>(),
  parameters: open<ToolSearchCall>(),
  success: open<ToolSearchResult>(),
  failure: open<ToolSearchResult>()
})

/** {@link ToolSearch} by a handler of the program, which returns the definitions it found in the form of the wire. */
export const ClientToolSearch = Tool.providerDefined({
  id: "openai.tool_search",
  customName: "OpenAiClientToolSearch",
  providerName: "tool_search",
  requiresHandler: true,
  args: open<Args<Omit<Responses.ToolSearchTool, "execution">> & { readonly execution: "client" }>(),
  parameters: open<ToolSearchCall>(),
  success: open<ToolSearchResult>(),
  failure: open<Open<{}>>()
})

/** Lets the model call the program's tools from JavaScript of its own, which OpenAI runs. */
export const ProgrammaticToolCalling = Tool.providerDefined({
  id: "openai.programmatic_tool_calling",
  customName: "OpenAiProgrammaticToolCalling",
  providerName: "programmatic_tool_calling",
  args: open<Open<{}>>(),
  parameters: open<Open<{}>>(),
  success: open<Open<{}>>(),
  failure: open<Open<{}>>()
})

/** The commands of a shell call. */
export type ShellCall = Responses.ResponseFunctionShellToolCall.Action

/** What the commands of a shell call gave, one entry a command. */
export type ShellResult = Open<Pick<Responses.ResponseFunctionShellToolCallOutput, "output">>

/** A shell in a container at OpenAI: `environment` is `container_auto` or `container_reference`. */
export const HostedShell = Tool.providerDefined({
  id: "openai.shell",
  customName: "OpenAiHostedShell",
  providerName: "shell",
  args: open<Open<{ readonly environment: Responses.ContainerAuto | Responses.ContainerReference }>>(),
  parameters: open<ShellCall>(),
  success: open<ShellResult>(),
  failure: open<ShellResult>()
})

/** A shell that a handler runs where the program runs. */
export const Shell = Tool.providerDefined({
  id: "openai.shell",
  customName: "OpenAiShell",
  providerName: "shell",
  requiresHandler: true,
  args: open<Open<{ readonly environment?: Responses.LocalEnvironment }>>(),
  parameters: open<ShellCall>(),
  success: open<ShellResult>(),
  failure: open<Open<{}>>()
})

/** The shell of the Codex models before {@link Shell}, run by a handler. The result is the output as text. */
export const LocalShell = Tool.providerDefined({
  id: "openai.local_shell",
  customName: "OpenAiLocalShell",
  providerName: "local_shell",
  requiresHandler: true,
  args: open<Open<{}>>(),
  parameters: open<Responses.ResponseOutputItem.LocalShellCall.Action>(),
  success: Schema.String,
  failure: Schema.String
})

/** A change of one file, for {@link ApplyPatch}. */
export type Patch = Responses.ResponseApplyPatchToolCall["operation"]

/** Creates, changes and deletes files by patches, which a handler applies. The result is text for the model. */
export const ApplyPatch = Tool.providerDefined({
  id: "openai.apply_patch",
  customName: "OpenAiApplyPatch",
  providerName: "apply_patch",
  requiresHandler: true,
  args: open<Args<Responses.ApplyPatchTool>>(),
  parameters: open<Patch>(),
  success: Schema.String,
  failure: Schema.String
})

/** What the model wants done on the screen, with the safety checks to be acknowledged. */
export type ComputerCall = Open<
  Partial<Pick<Responses.ResponseComputerToolCall, "action" | "actions" | "pending_safety_checks">>
>

/** The screen after it was done. */
export type ComputerResult = Open<{
  readonly output: Responses.ResponseComputerToolCallOutputScreenshot
  readonly acknowledged_safety_checks?: Responses.ResponseInputItem.ComputerCallOutput["acknowledged_safety_checks"]
}>

/** Operates a screen, through a handler. */
export const ComputerUse = Tool.providerDefined({
  id: "openai.computer",
  customName: "OpenAiComputerUse",
  providerName: "computer",
  requiresHandler: true,
  args: open<Args<Responses.ComputerTool>>(),
  parameters: open<ComputerCall>(),
  success: open<ComputerResult>(),
  failure: open<Open<{}>>()
})

/** The earlier form of {@link ComputerUse}, for `computer-use-preview`. */
export const ComputerUsePreview = Tool.providerDefined({
  id: "openai.computer_use_preview",
  customName: "OpenAiComputerUsePreview",
  providerName: "computer_use_preview",
  requiresHandler: true,
  args: open<Args<Responses.ComputerUsePreviewTool>>(),
  parameters: open<ComputerCall>(),
  success: open<ComputerResult>(),
  failure: open<Open<{}>>()
})

/**
 * A tool whose input is free text, or text by a grammar, in place of JSON. A handler gets the text and returns text.
 *
 * @example
 * ```ts
 * import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
 * import { Effect } from "effect"
 * import { Toolkit } from "effect/ai"
 *
 * const Calculator = OpenAiTool.Custom("calculator", {
 *   description: "Evaluates an arithmetic expression",
 *   format: { type: "grammar", syntax: "regex", definition: "[0-9 +-]+" }
 * })
 * const toolkit = Toolkit.make(Calculator)
 *
 * export const handlers = toolkit.toLayer({ calculator: (input) => Effect.succeed(`cannot evaluate ${input}`) })
 * ```
 */
export const Custom = <const Name extends string, Mode extends Tool.FailureMode | undefined = undefined>(
  name: Name,
  args: Open<Omit<Responses.CustomTool, "type" | "name">> & { readonly failureMode?: Mode | undefined } = {}
) =>
  Tool.providerDefined({
    // Handlers are found by this id, so each such tool has one of its own.
    id: `openai.custom.${name}` as const,
    customName: name,
    providerName: name,
    requiresHandler: true,
    args: open<Args<Omit<Responses.CustomTool, "name">>>(),
    parameters: Schema.String,
    success: Schema.String,
    failure: Schema.String
  })<Mode>(args)

/**
 * Annotation for tools the model is not shown until it searches for them with {@link ToolSearch}.
 *
 * @example
 * ```ts
 * import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
 * import { Schema } from "effect"
 * import { Tool, Toolkit } from "effect/ai"
 *
 * const rate = Tool.make("exchange_rate", { parameters: Schema.Struct({ from: Schema.String, to: Schema.String }) })
 *
 * export const toolkit = Toolkit.make(OpenAiTool.ToolSearch({}), rate.annotate(OpenAiTool.DeferLoading, true))
 * ```
 */
export const DeferLoading: Context.Reference<boolean> = deferLoading

/**
 * The answer to a `tool-approval-request` of an MCP server, as a message for the next request.
 *
 * `effect/ai` takes a `tool-approval-response` with the id of a request in the history as leave to run the tool here,
 * and fails, because the tool is at OpenAI. This message goes through to OpenAI.
 *
 * @example
 * ```ts
 * import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
 * import { Prompt } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const request = { approvalId: "mcpr_1" }
 * const prompt = Prompt.fromMessages([OpenAiTool.approval(request, { approved: true })])
 * strictEqual(prompt.content[0]?.role, "tool")
 * ```
 */
export const approval = (
  request: { readonly approvalId: string },
  answer: { readonly approved: boolean; readonly reason?: string | undefined }
): Prompt.ToolMessage =>
  Prompt.toolMessage({
    content: [Prompt.toolApprovalResponsePart({
      approvalId: answerId(request.approvalId),
      approved: answer.approved,
      ...(answer.reason === undefined ? undefined : { reason: answer.reason })
    })]
  })
