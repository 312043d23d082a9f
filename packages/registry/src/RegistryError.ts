/** Why a registry has no model of a name. Each message says what there is in its place. */
import type * as Config from "effect/Config"
import * as Data from "effect/Data"
import type { AmbiguousModel } from "./ModelCatalog.ts"

export { AmbiguousModel } from "./ModelCatalog.ts"

const like = (nearest: ReadonlyArray<string>): string =>
  nearest.length === 0 ? "" : ` Did you mean ${nearest.join(", ")}?`

const or = (names: ReadonlyArray<string>): string => names.length === 0 ? "none" : names.join(", ")

/** The provider before the slash is not in the registry. */
export class UnknownProvider extends Data.TaggedError("UnknownProvider")<{
  readonly provider: string
  readonly model: string
  /** As `provider/model`; of the registry's providers alone. */
  readonly nearest: ReadonlyArray<string>
  readonly available: ReadonlyArray<string>
}> {
  override get message(): string {
    return `There is no provider "${this.provider}" for "${this.model}".${like(this.nearest)} Available: ${
      or(this.available)
    }`
  }
}

/** No provider of the registry has a model of the name, as far as catalogue and rules say. */
export class UnknownModel extends Data.TaggedError("UnknownModel")<{
  readonly model: string
  /** As `provider/model`; of the registry's providers alone. */
  readonly nearest: ReadonlyArray<string>
  readonly available: ReadonlyArray<string>
}> {
  override get message(): string {
    if (this.model === "" || this.model.endsWith("/")) {
      return `"${this.model}" names no model: write provider/model. Available: ${or(this.available)}`
    }
    return `No provider is known to have "${this.model}".${like(this.nearest)} Else say whose it is, as in "${
      this.available[0] ?? "provider"
    }/${this.model}". Available: ${or(this.available)}`
  }
}

/** The providers that have the model have no key, or another setting of theirs is wrong. */
export class NoKey extends Data.TaggedError("NoKey")<{
  readonly model: string
  readonly providers: ReadonlyArray<{
    readonly name: string
    readonly keyName: string
    /** Why the provider's client cannot be made. */
    readonly error?: Config.ConfigError | undefined
  }>
  /** As `provider/model`, where the catalogue has no model of the name and only its form says whose it might be. */
  readonly nearest: ReadonlyArray<string>
}> {
  override get message(): string {
    const isKey = ({ error, keyName }: typeof this.providers[number]) => error?.message.includes(keyName) !== false
    const ways = this.providers.filter(isKey).map(({ keyName, name }) => `${keyName} (${name})`)
    return [
      ways.length === 0 ? `"${this.model}" cannot be asked` : `"${this.model}" needs a key: set ${ways.join(" or ")}`,
      ...this.providers.filter((one) => !isKey(one)).map(({ error, name }) => `${name}: ${error?.message}`)
    ].join("; ") + (this.nearest.length === 0 ? "" : `.${like(this.nearest)}`)
  }
}

/** The provider has no embedding models. */
export class NoEmbeddings extends Data.TaggedError("NoEmbeddings")<{
  readonly provider: string
  readonly model: string
}> {
  override get message(): string {
    return `The provider "${this.provider}" has no embedding models, so that "${this.model}" cannot be one`
  }
}

/** The provider has no list of its models. */
export class NotListed extends Data.TaggedError("NotListed")<{ readonly provider: string }> {
  override get message(): string {
    return `The provider "${this.provider}" has no list of its models`
  }
}

/** Why a name stands for no model. */
export type ResolutionError = UnknownProvider | UnknownModel | AmbiguousModel | NoKey
