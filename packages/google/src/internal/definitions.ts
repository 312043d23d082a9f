/** Google's own tools on the wire, as data. */

/** One tool of `GoogleTool`. */
export interface Definition {
  /** The member of a `tools` item. */
  readonly member: string
  /** The `toolType`s its calls have, or `executableCode`, which is a part of its own. */
  readonly calls: ReadonlyArray<string>
}

/** The name that code parts are known by here; they have no `toolType`. */
export const codeExecution = "executableCode"

/** Source: `ToolType` of the API's description. */
export const definitions: { readonly [id: string]: Definition } = {
  "google.google_search": { member: "googleSearch", calls: ["GOOGLE_SEARCH_WEB", "GOOGLE_SEARCH_IMAGE"] },
  "google.url_context": { member: "urlContext", calls: ["URL_CONTEXT"] },
  "google.code_execution": { member: "codeExecution", calls: [codeExecution] },
  "google.file_search": { member: "fileSearch", calls: ["FILE_SEARCH"] },
  "google.google_maps": { member: "googleMaps", calls: ["GOOGLE_MAPS"] }
}
