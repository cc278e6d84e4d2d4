/** Puts text together from pieces as a browser lays it out: runs of blanks are one, breaks do not add up. */
export class LineWriter {
  readonly #pieces: string[] = [];
  /** Line ends that the text written so far ends with. */
  #breaks = 2;
  #endsWithBlank = true;

  write(text: string, { keepBlanks = false } = {}): void {
    const piece = keepBlanks ? text : this.#collapse(text);
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#breaks = piece.endsWith('\n') ? 1 : 0;
    this.#endsWithBlank = /\s$/.test(piece.slice(-1));
  }

  /** Ends the line (1) or leaves a blank line (2), unless that is done already. */
  breakTo(lineEnds: 1 | 2): void {
    for (; this.#breaks < lineEnds; this.#breaks += 1) this.#pieces.push('\n');
    this.#endsWithBlank = true;
  }

  end(): string {
    return this.#pieces.join('').replaceAll(' \n', '\n').trimEnd();
  }

  #collapse(text: string): string {
    const collapsed = text.replace(/\s+/g, ' ');
    return this.#endsWithBlank && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
  }
}
