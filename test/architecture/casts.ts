/** Finds casts (`as`, `<T>x`) and non-null assertions (`x!`) that state no reason. `as const` is not a cast. */
import { children, field, isNode, lineAt, type Node, parse } from "../source.ts"

/**
 * A reason is a comment between the line above the innermost statement around the cast and the cast itself, or at the
 * end of its line. A docstring says what its function is for, not why a cast is right: it does not count.
 */
export const unexplained = (path: string, text: string): ReadonlyArray<string> => {
  const { comments, program } = parse(path, text)
  const reasons = comments.filter((one) => !(one.type === "Block" && one.value.startsWith("*")))
    .map((one) => ({ first: lineAt(text, one.start), last: lineAt(text, one.end) }))
  const found = new Set<string>()
  const visit = (node: Node, statement: Node): void => {
    if (isCast(node)) {
      const [first, last] = [lineAt(text, statement.start), lineAt(text, node.end)]
      if (!reasons.some((one) => one.last >= first - 1 && one.first <= last)) {
        found.add(`${path}:${last}: a cast or a non-null assertion without a reason beside it`)
      }
    }
    for (const child of children(node)) visit(child, startsStatement(child) ? child : statement)
  }
  visit(program, program)
  return [...found]
}

const isCast = (node: Node): boolean => {
  switch (node.type) {
    case "TSNonNullExpression":
      return true
    case "TSAsExpression":
    case "TSTypeAssertion":
      return !isConst(field(node, "typeAnnotation"))
    default:
      return false
  }
}

const isConst = (type: unknown): boolean => {
  const name = isNode(type) && type.type === "TSTypeReference" ? field(type, "typeName") : undefined
  return isNode(name) && field(name, "name") === "const"
}

const startsStatement = (node: Node): boolean =>
  node.type !== "BlockStatement" && /(?:Statement|Declaration|Definition|SwitchCase)$/.test(node.type)
