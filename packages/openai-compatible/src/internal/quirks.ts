/** What differs among the servers that speak the dialect, as data. */
import type * as Json from "@llm-layers/core/Json"
import type * as ToolCallIds from "@llm-layers/core/ToolCallIds"

/** The differences. Each has the value that most compatible servers take as its default. */
export interface Quirks {
  /** The member that limits the answer. OpenAI's reasoning models refuse `max_tokens`, older servers do not know the other. */
  readonly maxTokensField: "max_completion_tokens" | "max_tokens"
  /** The role of system messages. OpenAI takes both for all of its current models. */
  readonly systemRole: "system" | "developer"
  /** The member for the seed. */
  readonly seedField: "seed" | "random_seed"
  /** Whether `stream_options` asks for token counts at the end of a stream. */
  readonly streamUsage: boolean
  /** Whether tools are strict where the caller does not say: those whose schema allows it. */
  readonly strictTools: boolean
  /**
   * Whether a tool choice may name a tool. Else that tool alone is offered and a call required: some servers take texts
   * alone, and read anything else as `auto`.
   */
  readonly namedToolChoice: boolean
  /** Structured output by a schema, or JSON alone, the schema then being part of the instructions. */
  readonly structuredOutput: "json_schema" | "json_object"
  /** The content of an assistant message that has only tool calls: some servers refuse `null`, others an empty text. */
  readonly emptyContent: "" | null
  /** Whether a refusal in the history is sent as a part of its own kind. */
  readonly refusalParts: boolean
  /** Whether a refusal in the history is sent as the member `refusal` of its message. */
  readonly refusalMember: boolean
  /** Which strings are ids of files uploaded before. Without it, none are. */
  readonly fileIds: RegExp | undefined
  /** Whether files may be given by their address; images are another matter. */
  readonly fileUrls: boolean
  /** Whether images may be given by their address. */
  readonly imageUrls: boolean
  /** Whether files of any kind may be sent as they are. Text goes as text and PDF as a file in either case. */
  readonly anyFile: boolean
  /** The media types of audio, with the dialect's names of their formats. */
  readonly audioFormats: { readonly [mediaType: string]: string }
  /** Whether the option `cacheControl` of messages and parts is sent, as `cache_control`: Anthropic's prompt caching. */
  readonly cacheControl: boolean
  /** Whether images of earlier answers are sent back, as `images` of the assistant's message. */
  readonly answerImages: boolean
  /** Whether an answer that ends for the reason `error` is a failure, and not an answer with that finish reason. */
  readonly failsOnErrorReason: boolean
  /** Members of the response that the metadata of the finish part has a name of its own for: from the wire to that name. */
  readonly finishMembers: { readonly [member: string]: string }
  /** What an answer cost in US dollars, by its `usage`. Without it, the server does not say. */
  readonly costOf: ((usage: Json.JsonRecord) => unknown) | undefined
  /** Whether the result of a tool may have images and files in it. */
  readonly toolResultParts: boolean
  /** Which ids of tool calls the server takes. */
  readonly toolCallIds: ToolCallIds.Rule | undefined
  /** The member in which reasoning of earlier turns is sent back. Without it, it is not. */
  readonly reasoningField: "reasoning_content" | "reasoning" | "reasoning_details" | undefined
}

/** What most servers take. */
export const defaultQuirks: Quirks = {
  maxTokensField: "max_tokens",
  systemRole: "system",
  seedField: "seed",
  streamUsage: true,
  strictTools: false,
  namedToolChoice: true,
  structuredOutput: "json_schema",
  emptyContent: "",
  refusalParts: false,
  refusalMember: false,
  fileIds: undefined,
  fileUrls: false,
  imageUrls: true,
  anyFile: true,
  audioFormats: {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/vnd.wave": "wav",
    "audio/mp3": "mp3",
    "audio/mpeg": "mp3"
  },
  cacheControl: false,
  answerImages: false,
  failsOnErrorReason: false,
  finishMembers: {},
  costOf: undefined,
  toolResultParts: false,
  toolCallIds: undefined,
  reasoningField: undefined
}
