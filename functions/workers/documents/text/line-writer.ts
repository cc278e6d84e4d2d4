/** Joins text pieces like a browser's layout: whitespace collapses to one space, and adjacent breaks merge. */
export class LineWriter {
  readonly #pieces: string[] = [];
  /** Number of line ends at the end of the text written so far. */
  #breaks = 2;
  #endsWithBlank = true;

  write(text: string, { keepBlanks = false } = {}): void {
    const piece = keepBlanks ? text : this.#collapse(text);
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#breaks = piece.endsWith('\n') ? 1 : 0;
    this.#endsWithBlank = /\s$/.test(piece.slice(-1));
  }

  /** Ends the line (1) or adds an empty line (2), unless the text already ends that way. */
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
