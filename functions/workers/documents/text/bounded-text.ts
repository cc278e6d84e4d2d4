import { UnreadableDocument } from '../unreadable-document.ts';

/** Builds text from pieces and throws beyond its limit. A few kilobytes of input can expand to gigabytes. */
export class BoundedText {
  readonly #maxCharacters: number;
  readonly #pieces: string[] = [];
  #length = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  get length(): number {
    return this.#length;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  write(piece: string): void {
    this.#length += piece.length;
    // The length is in UTF-16 units. A character has up to two.
    if (this.#length > 2 * this.#maxCharacters) throw tooMuchText(this.#maxCharacters);
    this.#pieces.push(piece);
  }

  end(): string {
    return this.#pieces.join('');
  }
}

export function tooMuchText(maxCharacters: number): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the document has more than the limit of ${maxCharacters} characters of text; split it`,
  );
}
