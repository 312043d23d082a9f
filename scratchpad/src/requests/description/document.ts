/** An OpenAPI file as data: its operations, and what a reference in it points to. */
import { readFile } from "node:fs/promises"
import { parse } from "yaml"

/** A JSON value with members nobody has typed. */
export type Node = { readonly [key: string]: unknown }

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads YAML, of which JSON is a part that is read a hundred times faster as what it is. */
export const readDocument = async (file: string): Promise<Node> => {
  const text = await readFile(file, "utf8")
  const document: unknown = text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text, { prettyErrors: false })
  if (!isNode(document) || !isNode(document["paths"])) throw new Error(`${file} is no OpenAPI description`)
  return document
}

/** What a JSON pointer (`#/components/schemas/Tool`) points to. */
export const resolve = (document: Node, pointer: string): unknown =>
  pointer.replace(/^#/, "").split("/").slice(1).reduce<unknown>((value, step) => {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")
    if (Array.isArray(value)) return value[Number(key)]
    return isNode(value) ? value[key] : undefined
  }, document)

/** The pointer to the schema of the JSON body of a `POST`, or `undefined` where the description has no such operation. */
export const bodyPointer = (document: Node, path: string): string | undefined => {
  const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1")
  const body = `#/paths/${escaped}/post/requestBody`
  const reference = resolve(document, `${body}/$ref`)
  const schema = `${typeof reference === "string" ? reference : body}/content/application~1json/schema`
  return resolve(document, schema) === undefined ? undefined : schema
}
