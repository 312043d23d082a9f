import { at, type Json, stringAt } from "../json.ts"
import type { ExpectedSource } from "./Expectation.ts"

const texts = (...found: ReadonlyArray<string | undefined>): Array<string> =>
  found.filter((text) => text !== undefined && text !== "").map(String)

/**
 * An annotation as a source: `url_citation` is a web page, `file_citation`, `container_file_citation` and `file_path` are
 * documents named by their file. An address that is no URL cannot be a source. Chat Completions nests the fields of a
 * `url_citation` under its name, Responses does not.
 */
export const readAnnotation = (annotation: Json): ReadonlyArray<ExpectedSource> => {
  switch (stringAt(annotation, "type")) {
    case "url_citation": {
      const nested = at(annotation, "url_citation")
      const url = stringAt(nested, "url") ?? stringAt(annotation, "url")
      return url !== undefined && URL.canParse(url)
        ? [{
          type: "url",
          anyOf: [new URL(url).href],
          title: stringAt(nested, "title") ?? stringAt(annotation, "title"),
          citation: nested ?? annotation
        }]
        : []
    }
    case "file_citation":
    case "container_file_citation":
    case "file_path": {
      const names = texts(stringAt(annotation, "filename"), stringAt(annotation, "file_id"))
      return names.length === 0 ? [] : [{ type: "document", anyOf: names, title: names[0], citation: annotation }]
    }
    default:
      return []
  }
}
