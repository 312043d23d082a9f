import { show } from "./difference.ts"
import { type Json, type JsonObject, parseJson } from "./json.ts"
import { type LeafIndex, saysNothing } from "./leaves.ts"

/** Places in an answer, as `choices[].message.role`: members joined by dots, `[]` for each item of a list. */
export interface Places {
  readonly where: RegExp
  readonly why: string
}

/** What of the answers of an API need not be found as it was. */
export interface Form {
  /** What need not reach the caller, or does so in another form that is compared. */
  readonly spared: ReadonlyArray<Places>
  /** Objects and lists that become parts and their members. All others are found as they were, whole and in order. */
  readonly takenApart: ReadonlyArray<Places>
}

/** What was in the recording and is nowhere in what the caller got. */
interface Loss {
  readonly where: string
  readonly value: Json
}

const among = (places: ReadonlyArray<Places>, path: string): boolean => places.some(({ where }) => where.test(path))

const pathOf = (path: string, key: string): string => path === "" ? key : `${path}.${key}`

/** What of a recorded answer the caller cannot find anywhere, one line each. */
export const lostLines = (recorded: Json, index: LeafIndex, form: Form): ReadonlyArray<string> => {
  const lost = new Search(index, form).losses(recorded, "", "")
  const lines = lost.slice(0, 4).map(({ value, where }) => `lost: ${where} ${show(value)}`)
  return lost.length > 4 ? [...lines, `lost: ${lost.length - 4} more`] : lines
}

class Search {
  readonly #index: LeafIndex
  readonly #form: Form

  constructor(index: LeafIndex, form: Form) {
    this.#index = index
    this.#form = form
  }

  losses(value: Json, path: string, key: string): ReadonlyArray<Loss> {
    if (saysNothing(value) || among(this.#form.spared, path)) return []
    if (typeof value === "string") return this.#text(value, path, key)
    if (typeof value === "object") return value === null ? [] : this.#tree(value, path, key)
    return this.#index.hasValue(key, value) ? [] : [{ where: path, value }]
  }

  /** A text may be JSON, of which the caller gets the value. */
  #text(text: string, path: string, key: string): ReadonlyArray<Loss> {
    if (this.#index.hasText(text)) return []
    const inside = /^\s*[[{]/.test(text) ? parseJson(text) : undefined
    return inside !== null && typeof inside === "object"
      ? this.#tree(inside, path, key)
      : [{ where: path, value: text }]
  }

  /** What has no values in it says nothing. */
  #tree(tree: JsonObject | ReadonlyArray<Json>, path: string, key: string): ReadonlyArray<Loss> {
    if (this.#index.hasTree(tree)) return []
    const children: ReadonlyArray<Loss> = Array.isArray(tree)
      ? tree.flatMap((child: Json) => this.losses(child, `${path}[]`, key))
      : Object.entries(tree).flatMap(([name, child]: [string, Json]) => this.losses(child, pathOf(path, name), name))
    if (children.length > 0 || among(this.#form.takenApart, path) || saysNothing(tree)) return children
    return [{ where: `${path}, as it was:`, value: tree }]
  }
}
