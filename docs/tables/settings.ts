/** Tables of settings, from the members of an interface and the docstrings above them. */
import { parse, readText } from "../../test/source.ts"
import { table } from "./markdown.ts"

interface Member {
  readonly name: string
  readonly type: string
  readonly doc: string
}

/** The members of an exported interface, without those it inherits. */
export const members = (file: string, interfaceName: string): ReadonlyArray<Member> => {
  const text = readText(file)
  const { comments, program } = parse(file, text)
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue
    const declared = statement.declaration
    if (declared?.type !== "TSInterfaceDeclaration" || declared.id.name !== interfaceName) continue
    let after = declared.body.start
    return declared.body.body.flatMap((member) => {
      if (member.type !== "TSPropertySignature" || member.key.type !== "Identifier") return []
      const doc = comments.findLast((one) => one.type === "Block" && one.start >= after && one.end <= member.start)
      after = member.end
      const type = member.typeAnnotation === null || member.typeAnnotation === undefined
        ? ""
        : text.slice(member.typeAnnotation.typeAnnotation.start, member.typeAnnotation.typeAnnotation.end)
      return [{ name: member.key.name, type: short(type), doc: words(doc?.value ?? "") }]
    })
  }
  throw new Error(`${file} exports no interface ${interfaceName}`)
}

/** The table of an interface, with those it inherits from `Embedding.Common` for an embedding model. */
export const settings = (file: string, interfaceName: string): string => {
  const own = members(file, interfaceName)
  const inherited = file.endsWith("EmbeddingModel.ts") ? members("packages/core/src/Embedding.ts", "Common") : []
  const all = [...own, ...inherited.filter(({ name }) => !own.some((one) => one.name === name))]
  return table(["setting", "type", "meaning"], all.map(({ doc, name, type }) => [`\`${name}\``, `\`${type}\``, doc]))
}

const short = (type: string): string =>
  type.replace(/\s*\|\s*undefined$/, "").replaceAll(/\s+/g, " ").replace(/^\| /, "").trim()

const words = (comment: string): string =>
  comment.replace(/^\*/, "").replaceAll(/^[ \t]*\* ?/gm, "").split(/\n\s*@example/)[0]?.replaceAll(/\s+/g, " ")
    .trim() ?? ""
