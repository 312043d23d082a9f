/** Every fault there is: what is asked of each provider, by the tests and by `npm run faults`. */
import { type Fault, needing } from "../Fault.ts"
import { aimock } from "./aimock.ts"
import { succeeds, whole } from "./answers.ts"
import { bodies } from "./bodies.ts"
import { connection } from "./connection.ts"
import { interruption } from "./interruption.ts"
import { keys } from "./keys.ts"
import { prompts } from "./prompts.ts"
import { rejections } from "./rejections.ts"
import { streams } from "./streams.ts"
import { tokens } from "./tokens.ts"
import { tools } from "./tools.ts"

export const catalogue: ReadonlyArray<Fault> = [
  // What fails below fails for its fault alone. The first call loads the vendor's package, so that no other waits for it.
  { name: "no fault", cases: (target) => [{ plans: [whole(target)], expected: succeeds }] },
  ...keys,
  ...rejections,
  ...connection,
  ...bodies,
  ...streams,
  ...needing("tools", tools),
  ...prompts,
  ...interruption,
  ...tokens,
  ...needing("aimock", aimock)
]
