/**
 * What the services accept beyond their descriptions: where a description is older than the service, or wrong. Each entry
 * changes the description before it is used, and has to be needed: one that is not is reported as a failure.
 *
 * What is newer than a description is written as the type that the vendor's package has for it, so that the compiler
 * holds the entry to the package.
 */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Messages from "@anthropic-ai/sdk/resources/messages/messages"
import type * as Responses from "openai/resources/responses/responses"
import { isNode } from "./description/document.ts"

export interface Accepted {
  /** The vendor's name. */
  readonly vendor: string
  /** Where in the description, as a JSON pointer. */
  readonly path: string
  /** What is there instead. */
  readonly change: (described: unknown) => unknown
  readonly reason: string
  /** A page of the vendor, or a type of its package. */
  readonly source: string
}

/** More values of an enumeration, or more branches of a union. */
const also = (...values: ReadonlyArray<unknown>) => (described: unknown): unknown => [
  ...Array.isArray(described) ? described : [],
  ...values
]

const without = (value: unknown) => (described: unknown): unknown =>
  Array.isArray(described) ? described.filter((one) => one !== value) : described

/** More members of an object; the names are those of a type of the vendor's package. */
const members = <A>(added: { readonly [Name in keyof A]?: object }) => (described: unknown): unknown => ({
  ...isNode(described) ? described : {},
  ...added
})

const constant = (value: unknown): object => ({ const: value })
const text = { type: "string" }

/** An object of one type and whatever members. */
const typed = <A extends { readonly type: string }>(type: A["type"]): object => ({
  type: "object",
  properties: { type: constant(type) },
  required: ["type"],
  additionalProperties: true
})

const file = (type: (Messages.FileDocumentSource & Messages.FileImageSource)["type"]): object => ({
  type: "object",
  properties: { type: constant(type), file_id: text },
  required: ["type", "file_id"],
  additionalProperties: false
})

const sdk = "@anthropic-ai/sdk 1.11"
const filesAreGa = `uploaded files are out of beta since the description; ${sdk}`

const anthropic: ReadonlyArray<Omit<Accepted, "vendor">> = [
  {
    path: "#/components/schemas/InputMessage/properties/role/enum",
    change: also("system" satisfies Messages.MessageParam["role"]),
    reason: "system messages in the middle of a conversation are newer than the description",
    source: "platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages"
  },
  {
    path: "#/components/schemas/ThinkingConfigParam/oneOf",
    change: also(typed<Messages.ThinkingConfigBetweenTools>("between_tools")),
    reason: "newer than the description",
    source: `\`ThinkingConfigBetweenTools\` of ${sdk}`
  },
  {
    path: "#/components/schemas/BetaThinkingDisplayMode/enum",
    change: also("updates" satisfies Beta.BetaThinkingConfigAdaptive["display"]),
    reason: "newer than the description",
    source: `\`BetaThinkingConfigAdaptive\` of ${sdk}`
  },
  {
    path: "#/components/schemas/BetaCreateMessageParams/properties",
    change: members<Beta.MessageCreateParamsBase>({ fallbacks: { type: "array", items: { type: "object" } } }),
    reason: "newer than the description",
    source: `\`BetaFallbacksParam\` of ${sdk}`
  },
  {
    path: "#/components/schemas/CreateMessageParams/properties/tools/items/oneOf",
    change: also(
      typed<Messages.ComputerToolset20260801>("computer_toolset_20260801"),
      typed<Messages.BrowserToolset20260801>("browser_toolset_20260801")
    ),
    reason: "newer than the description",
    source: `\`ComputerToolset20260801\` and \`BrowserToolset20260801\` of ${sdk}`
  },
  {
    path: "#/components/schemas/RequestToolUseBlock/properties",
    change: members<Messages.ToolUseBlockParam>({ toolset_name: text }),
    reason: "calls of toolsets are newer than the description",
    source: `\`ToolUseBlockParam\` of ${sdk}`
  },
  {
    path: "#/components/schemas/RequestToolResultBlock/properties",
    change: members<Messages.ToolResultBlockParam>({ toolset_name: text }),
    reason: "results of toolsets are newer than the description",
    source: `\`ToolResultBlockParam\` of ${sdk}`
  },
  {
    path: "#/components/schemas/BetaRequestAdvisorResultBlock/properties",
    change: members<Beta.BetaAdvisorResultBlockParam>({ stop_reason: { type: ["string", "null"] } }),
    reason: "newer than the description",
    source: `\`BetaAdvisorResultBlockParam\` of ${sdk}`
  },
  {
    path: "#/components/schemas/RequestImageBlock/properties/source/oneOf",
    change: also(file("file")),
    reason: filesAreGa,
    source: `\`FileImageSource\` of ${sdk}`
  },
  {
    path: "#/components/schemas/RequestDocumentBlock/properties/source/oneOf",
    change: also(file("file")),
    reason: filesAreGa,
    source: `\`FileDocumentSource\` of ${sdk}`
  }
]

const breakpoint = (name: string): Omit<Accepted, "vendor"> => ({
  path: `#/components/schemas/${name}/properties`,
  change: members<Responses.ResponseInputText.PromptCacheBreakpoint>({ ttl: { enum: ["30m", "12h"] } }),
  reason: "the time of a breakpoint is newer than the description",
  source: "`PromptCacheBreakpoint` of openai 7.55"
})

const openai: ReadonlyArray<Omit<Accepted, "vendor">> = [
  // In Chat Completions, and in the Responses API.
  breakpoint("PromptCacheBreakpointParam"),
  breakpoint("PromptCacheBreakpointConfig"),
  {
    path: "#/components/schemas/ToolChoiceTypes/properties/type/enum",
    change: also("web_search"),
    reason: "the description has only the earlier name of the web search; other clients force it by this one",
    source: "`prepareResponsesTools` of @ai-sdk/openai 4.0"
  },
  {
    path: "#/components/schemas/ImageGenToolCall/properties",
    change: members<Responses.ResponseInputItem.ImageGenerationCall>({
      action: text,
      background: text,
      output_format: text,
      quality: text,
      revised_prompt: text,
      size: text
    }),
    reason: "the item as it comes has these members, and may go back",
    source: "`ResponseInputItem.ImageGenerationCall` of openai 7.55"
  },
  {
    path: "#/components/schemas/MCPApprovalResponse/required",
    change: without("request_id"),
    reason: "the description requires a member that it does not declare",
    source: "`ResponseInputItem.McpApprovalResponse` of openai 7.55"
  },
  {
    path: "#/components/schemas/LocalShellToolCallOutput/properties",
    change: (described) => ({ ...isNode(described) ? described : {}, call_id: text }),
    reason: "the description requires a member that it does not declare",
    source: "developers.openai.com/api/docs/guides/tools-local-shell"
  }
]

const described = "in OpenRouter's guides and not in its description"

const openrouter: ReadonlyArray<Omit<Accepted, "vendor">> = [
  {
    path: "#/components/schemas/ChatRequest/properties",
    change: (properties) => ({
      ...isNode(properties) ? properties : {},
      transforms: { type: "array", items: text },
      usage: { type: "object", properties: { include: { type: "boolean" } } }
    }),
    reason: described,
    source:
      "openrouter.ai/docs/guides/features/message-transforms, openrouter.ai/docs/guides/administration/usage-accounting"
  },
  {
    path: "#/components/schemas/ChatRequest/properties/reasoning/properties",
    change: (properties) => ({
      ...isNode(properties) ? properties : {},
      enabled: { type: "boolean" },
      exclude: { type: "boolean" },
      max_tokens: { type: "integer" }
    }),
    reason: described,
    source: "openrouter.ai/docs/guides/best-practices/reasoning-tokens"
  }
]

const genai = "@google/genai 3.1"

const google: ReadonlyArray<Omit<Accepted, "vendor">> = [
  {
    path: "#/components/schemas/GenerateContentRequest/required",
    change: without("model"),
    reason: "the model is in the path",
    source: `\`generateContentParametersToMldev\` of ${genai}`
  },
  {
    path: "#/components/schemas/Part/properties/thoughtSignature",
    change: () => ({ type: "string", pattern: "^[A-Za-z0-9+/_-]*={0,2}$" }),
    reason: "bytes may be written in the other alphabet of base64, as the signature that is not checked is",
    source: "ai.google.dev/gemini-api/docs/thought-signatures (\"skip_thought_signature_validator\")"
  }
]

/** What the description tells the sources of a citation apart by, and does not declare as a member of them. */
const sourceOf = (schema: string, type: string): Omit<Accepted, "vendor"> => ({
  path: `#/components/schemas/${schema}/properties`,
  change: (properties) => ({ ...isNode(properties) ? properties : {}, type: constant(type) }),
  reason: "the description tells sources apart by a member that it does not declare",
  source: "docs.cohere.com/reference/chat (`message.citations.sources`)"
})

const cohere: ReadonlyArray<Omit<Accepted, "vendor">> = [
  sourceOf("ChatToolSource", "tool"),
  sourceOf("ChatDocumentSource", "document")
]

export const accepted: ReadonlyArray<Accepted> = [
  ...google.map((entry) => ({ vendor: "google", ...entry })),
  ...openai.map((entry) => ({ vendor: "openai", ...entry })),
  ...anthropic.map((entry) => ({ vendor: "anthropic", ...entry })),
  ...cohere.map((entry) => ({ vendor: "cohere", ...entry })),
  ...openrouter.map((entry) => ({ vendor: "openrouter", ...entry }))
]
