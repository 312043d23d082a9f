import * as TokenEstimate from "@llm-layers/core/TokenEstimate"

/** The pieces of an answer, to be counted where nobody else does. */
export class TextCount {
  #pieces: Array<string> = []
  #counted = 0

  add(piece: string): void {
    // Where an answer is very long its beginning is counted, so that not all of it is kept.
    if (this.#pieces.push(piece) === piecesKept) this.#count()
  }

  get some(): boolean {
    return this.#counted > 0 || this.#pieces.length > 0
  }

  get tokens(): number {
    this.#count()
    return this.#counted
  }

  #count(): void {
    this.#counted += TokenEstimate.ofText(this.#pieces.join(""))
    this.#pieces = []
  }
}

const piecesKept = 4096
