import * as GoogleTool from "@llm-layers/google/GoogleTool"
import type * as Tool from "effect/ai/Tool"
import type { HostedCall } from "../expectation/Expectation.ts"
import { type JsonObject, objectAt } from "../json.ts"
import type { HostedTool } from "../request/tools.ts"

/**
 * The arguments of a definition from the wire, for a constructor that types them. They are what a client sent, so that
 * every member is one the vendor takes.
 */
const as = <A>(args: JsonObject): A => args as unknown as A

/** For each member of a `tools` item: the tool it is, and the names its calls have. */
const hosted: Readonly<
  Record<string, readonly [make: (args: JsonObject) => Tool.Any, ...names: ReadonlyArray<string>]>
> = {
  googleSearch: [(args) => GoogleTool.GoogleSearch(as(args)), "GOOGLE_SEARCH_WEB", "GOOGLE_SEARCH_IMAGE"],
  urlContext: [(args) => GoogleTool.UrlContext(as(args)), "URL_CONTEXT"],
  codeExecution: [(args) => GoogleTool.CodeExecution(as(args)), "code_execution"],
  fileSearch: [(args) => GoogleTool.FileSearch(as(args)), "FILE_SEARCH"],
  googleMaps: [(args) => GoogleTool.GoogleMaps(as(args)), "GOOGLE_MAPS"]
}

/** The provider-defined tools for a request's definitions of Google's own tools. */
export const hostedTools = (definitions: ReadonlyArray<JsonObject>): ReadonlyArray<HostedTool> =>
  definitions.flatMap((definition) =>
    Object.entries(definition).flatMap(([member, args]) => {
      const [make, ...types] = hosted[member] ?? []
      return make === undefined || args === null ? [] : [{ tool: make(objectAt(args)), types }]
    })
  )

/** The tools that must have been declared for an answer to make these calls, where the request was not recorded. */
export const hostedToolsFor = (calls: ReadonlyArray<HostedCall>): ReadonlyArray<HostedTool> =>
  Object.values(hosted).flatMap(([make, ...types]) =>
    calls.some((call) => types.includes(call.type)) ? [{ tool: make({}), types }] : []
  )
