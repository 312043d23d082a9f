/** Google's own tools, alone and beside the program's. */
import * as GoogleTool from "@llm-layers/google/GoogleTool"
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { own, ownTool } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Content } from "./api.ts"

export const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String, to: Schema.optionalKey(Schema.String) }),
  success: Schema.Finite
})

export const tools = (api: Content): ReadonlyArray<Check> => [
  ...ownTool(api, GoogleTool.GoogleSearch({}), {}),
  ...own(api, "a search in a range of time", {}, {
    tools: [
      GoogleTool.GoogleSearch({
        timeRangeFilter: { startTime: "2026-01-01T00:00:00Z", endTime: "2026-02-01T00:00:00Z" },
        searchTypes: { webSearch: {}, imageSearch: {} }
      })
    ]
  }),
  ...ownTool(api, GoogleTool.UrlContext({}), {}),
  ...ownTool(api, GoogleTool.CodeExecution({}), {}),
  ...ownTool(
    api,
    GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/rivers"], metadataFilter: "a=1", topK: 3 }),
    {}
  ),
  ...ownTool(api, GoogleTool.GoogleMaps({ enableWidget: true }), {}),
  ...own(api, "tools of both kinds", {}, { tools: [GoogleTool.GoogleSearch({}), rate] }),
  ...own(api, "calls of Google's tools, shown", { includeServerSideToolInvocations: true }, {
    tools: [GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/rivers"] })]
  }),
  ...own(api, "strict tools", { strictTools: true }, { tools: [rate] })
]
