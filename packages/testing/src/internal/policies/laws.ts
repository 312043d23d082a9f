/** The laws of policies, in the order they are told of. */
import type { Law } from "../../Law.ts"
import type { Options } from "../conformance/law.ts"
import { failures } from "./failures.ts"
import { interruption } from "./interruption.ts"
import { success } from "./success.ts"
import type { Subject } from "./wrapped.ts"

export type { Subject }

export const laws = <R>(subject: Subject<R>, options: Options): ReadonlyArray<Law> => [
  ...success(subject, options),
  ...interruption(subject, options),
  ...failures(subject, options)
]
