/** Every tool of `OpenAiTool`. */
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import * as Tool from "effect/ai/Tool"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { own, ownTool } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Responses } from "./api.ts"

const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String, to: Schema.String }),
  success: Schema.Finite
})

const docs = OpenAiTool.Mcp({ server_label: "docs", server_url: "https://mcp.example.com" })
const grammar = OpenAiTool.Custom("calculator", {
  description: "Evaluates an expression.",
  format: { type: "grammar", syntax: "lark", definition: "start: NUMBER" }
})

/** A tool alone, and forced. */
const alone = (api: Responses, tool: Tool.Any): ReadonlyArray<Check> => [
  ...ownTool(api, tool, {}),
  ...own(api, `the tool ${tool.name}, forced`, {}, { tools: [rate, tool], toolChoice: { tool: tool.name } })
]

export const tools = (api: Responses): ReadonlyArray<Check> => [
  ...alone(api, OpenAiTool.WebSearch({})),
  ...own(api, "a web search with all its arguments", {}, {
    tools: [
      OpenAiTool.WebSearch({
        search_context_size: "low",
        filters: { allowed_domains: ["example.com"] },
        user_location: { type: "approximate", city: "Lisbon", country: "PT", timezone: "Europe/Lisbon" }
      })
    ]
  }),
  ...alone(api, OpenAiTool.WebSearchPreview({ search_context_size: "high" })),
  ...alone(api, OpenAiTool.FileSearch({ vector_store_ids: ["vs_68a1"] })),
  ...own(api, "a file search with all its arguments", {}, {
    tools: [
      OpenAiTool.FileSearch({
        vector_store_ids: ["vs_68a1"],
        max_num_results: 7,
        filters: {
          type: "and",
          filters: [{ type: "eq", key: "kind", value: "river" }, {
            type: "or",
            filters: [{ type: "gte", key: "length", value: 1007 }, { type: "in", key: "land", value: ["PT", "ES"] }]
          }]
        },
        ranking_options: { ranker: "auto", score_threshold: 0.5 }
      })
    ]
  }),
  ...alone(
    api,
    OpenAiTool.CodeInterpreter({ container: { type: "auto", file_ids: ["file-abc123"], memory_limit: "4g" } })
  ),
  ...own(api, "a code interpreter in a container", {}, {
    tools: [OpenAiTool.CodeInterpreter({ container: "cntr_68a1" })]
  }),
  ...alone(api, OpenAiTool.ImageGeneration({})),
  ...own(api, "image generation with all its arguments", {}, {
    tools: [
      OpenAiTool.ImageGeneration({
        model: "gpt-image-1",
        quality: "low",
        size: "1024x1024",
        output_format: "webp",
        output_compression: 80,
        background: "transparent",
        moderation: "low",
        partial_images: 2,
        input_fidelity: "high",
        action: "generate"
      })
    ]
  }),
  ...alone(api, docs),
  ...own(api, "an MCP server with all its arguments", {}, {
    tools: [
      OpenAiTool.Mcp({
        server_label: "wiki",
        server_url: "https://mcp.example.org/sse",
        server_description: "Rivers of the world.",
        authorization: Redacted.make("mcp-token"),
        headers: { "x-team": "search", "x-secret": Redacted.make("hidden") },
        allowed_tools: { tool_names: ["find"], read_only: true },
        require_approval: { never: { tool_names: ["find"] } }
      })
    ],
    said: ["mcp-token", "hidden"]
  }),
  ...own(api, "a connector", {}, {
    tools: [
      OpenAiTool.Mcp({
        server_label: "mail",
        connector_id: "connector_gmail",
        authorization: "ya29-token",
        require_approval: "never"
      })
    ]
  }),
  ...own(api, "a tool search", {}, {
    tools: [OpenAiTool.ToolSearch({}), rate.annotate(OpenAiTool.DeferLoading, true)]
  }),
  ...own(api, "a tool search by the program", {}, {
    tools: [
      OpenAiTool.ClientToolSearch({
        execution: "client",
        description: "Finds tools.",
        parameters: { type: "object", properties: { goal: { type: "string" } }, required: ["goal"] }
      }),
      rate
    ]
  }),
  ...own(api, "calls from programs", {}, {
    tools: [OpenAiTool.ProgrammaticToolCalling({}), rate]
  }),
  ...alone(api, OpenAiTool.HostedShell({ environment: { type: "container_auto", file_ids: ["file-abc123"] } })),
  ...own(api, "a shell in a container", {}, {
    tools: [OpenAiTool.HostedShell({ environment: { type: "container_reference", container_id: "cntr_68a1" } })]
  }),
  ...alone(api, OpenAiTool.Shell({})),
  ...own(api, "a shell with skills", {}, {
    tools: [
      OpenAiTool.Shell({
        environment: { type: "local", skills: [{ name: "maps", description: "Draws maps.", path: "/skills/maps" }] }
      })
    ]
  }),
  ...ownTool(api, OpenAiTool.LocalShell({}), {}),
  ...alone(api, OpenAiTool.ApplyPatch({})),
  ...alone(api, OpenAiTool.ComputerUse({})),
  ...alone(
    api,
    OpenAiTool.ComputerUsePreview({ display_width: 1023, display_height: 767, environment: "browser" })
  ),
  ...alone(api, OpenAiTool.Custom("note", {})),
  ...own(api, "a free-form tool with a grammar", {}, { tools: [grammar], toolChoice: { tool: "calculator" } }),
  ...own(api, "a free-form tool with a regular expression", {}, {
    tools: [OpenAiTool.Custom("sum", { format: { type: "grammar", syntax: "regex", definition: "[0-9+]+" } })]
  }),
  ...own(api, "tools of both, one at a time", { parallelToolCalls: false, maxToolCalls: 3 }, {
    tools: [OpenAiTool.WebSearch({}), grammar, rate],
    toolChoice: "required"
  })
]
