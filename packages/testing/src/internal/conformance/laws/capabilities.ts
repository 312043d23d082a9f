/** What a model claims to do it does; what it claims not to do fails before the network. */
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Settings from "@llm-layers/core/Settings"
import * as Effect from "effect/Effect"
import * as ConformancePrompts from "../../../ConformancePrompts.ts"
import type { Law } from "../../../Law.ts"
import { broken, holds } from "../broken.ts"
import type { WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { hasValue } from "../leaves.ts"
import * as Prompting from "../prompting.ts"

export const capabilities = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("capabilities", kit.options)
  return Object.keys(Capability.all).filter(isFlag).map((flag) => {
    const name = `${flag} is as each model claims`
    if (flag === "streaming") return law(name, streaming(kit))
    if (flag === "systemInHistory") return law(name, systemInHistory(kit))
    const own = kit.harness.settings?.[flag]
    if (own !== undefined) return law(name, setting(kit, flag, own))
    const none = ConformancePrompts.all.every(({ needs }) => !needs.includes(flag))
    return law(name, asked(kit, flag), none ? `the harness has no settings for ${flag}` : undefined)
  })
}

const isFlag = (name: string): name is Capability.Flag => Object.hasOwn(Capability.all, name)

/** True: some prompt that needs it is taken, and all of it is in the request. False: each is refused. */
const asked = <S extends Settings.Common>(kit: WireKit<S>, flag: Capability.Flag): Check =>
  Effect.gen(function*() {
    for (const model of kit.harness.models) {
      const claimed = kit.harness.capabilities(model)
      const cases = Prompting.casesOf(flag, claimed)
      let taken = 0
      for (const one of cases) {
        const made = yield* Effect.scoped(Prompting.made(kit, { model }, "generateText", one))
        if (made.refusal === undefined && Prompting.missing("generateText", one, made.body) === undefined) taken++
        if (!claimed[flag]) yield* refused(`${model}, ${one.name}`, made)
      }
      if (claimed[flag] && cases.length > 0) {
        yield* holds(taken > 0, model, `a prompt whose request has all of it: it claims ${flag}`, "none")
      }
    }
  })

const refused = (where: string, made: Prompting.Made) =>
  made.refusal === undefined
    ? broken(where, "no request: the model claims that it cannot", made.body)
    : holds(
      ProviderError.kindOf(made.refusal) === "Unsupported",
      where,
      "a failure of kind Unsupported",
      ProviderError.kindOf(made.refusal)
    )

const hello = ConformancePrompts.make({ name: "a greeting", prompt: "Hello" })

/** A setting of the provider's own. */
const setting = <S extends Settings.Common>(
  kit: WireKit<S>,
  flag: Capability.Flag,
  { settings, wire }: { readonly settings: S; readonly wire: unknown }
): Check =>
  Effect.gen(function*() {
    for (const model of kit.harness.models) {
      const where = `${model}, ${flag}`
      const made = yield* Effect.scoped(Prompting.made(kit, { model, settings }, "generateText", hello))
      if (!kit.harness.capabilities(model)[flag]) yield* refused(where, made)
      else if (made.refusal !== undefined) yield* broken(where, "a request", made.refusal)
      else yield* holds(hasValue(made.body, wire), where, wire, made.body)
    }
  })

const streaming = <S extends Settings.Common>(kit: WireKit<S>): Check =>
  Effect.gen(function*() {
    for (const model of kit.harness.models) {
      const made = yield* Effect.scoped(Prompting.made(kit, { model }, "streamText", hello))
      if (!kit.harness.capabilities(model).streaming) yield* refused(model, made)
      else if (made.refusal !== undefined) yield* broken(model, "a request", made.refusal)
    }
  })

/** Where it is false, `effect/ai` says the message in another place; it is there in any case. */
const systemInHistory = <S extends Settings.Common>(kit: WireKit<S>): Check =>
  Effect.gen(function*() {
    const later = ConformancePrompts.make({
      name: "a system message after a question",
      prompt: [
        { role: "user", content: "A question" },
        { role: "assistant", content: "An answer" },
        { role: "system", content: "A later rule" },
        { role: "user", content: "Another question" }
      ]
    })
    for (const model of kit.harness.models) {
      const { body, refusal } = yield* Effect.scoped(Prompting.made(kit, { model }, "generateText", later))
      if (refusal !== undefined) yield* broken(model, "a request", refusal)
      const json = JSON.stringify(body)
      yield* holds(json.includes("A later rule"), model, "the later rule in the request", body)
      if (!kit.harness.capabilities(model).systemInHistory) continue
      yield* holds(json.indexOf("An answer") < json.indexOf("A later rule"), model, "the rule after the answer", body)
    }
  })
