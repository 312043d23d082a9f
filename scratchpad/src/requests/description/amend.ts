/** A description with some places changed. */
import { isNode, type Node } from "./document.ts"

export interface Amendment {
  /** A JSON pointer: `#/components/schemas/Tool/required`. */
  readonly path: string
  readonly change: (described: unknown) => unknown
}

export const amend = (document: Node, amendments: ReadonlyArray<Amendment>): Node =>
  amendments.reduce<Node>((amended, { change, path }) => {
    const changed = changeAt(amended, path.split("/").slice(1), change, path)
    return isNode(changed) ? changed : amended
  }, document)

const changeAt = (
  node: unknown,
  [step, ...rest]: ReadonlyArray<string>,
  change: Amendment["change"],
  path: string
): unknown => {
  if (node === undefined) throw new Error(`the description has nothing at ${path}`)
  if (step === undefined) return change(node)
  const key = step.replaceAll("~1", "/").replaceAll("~0", "~")
  if (Array.isArray(node)) {
    return node.map((one: unknown, index) => String(index) === key ? changeAt(one, rest, change, path) : one)
  }
  return isNode(node) ? { ...node, [key]: changeAt(node[key], rest, change, path) } : node
}
