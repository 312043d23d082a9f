/** `npm run docs`: writes the tables of the guides from the code. `npm test` fails where they are out of date. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../test/source.ts"
import { guides } from "./tables/guides.ts"

for (const [file, text] of guides()) writeFileSync(join(root, file), text)
