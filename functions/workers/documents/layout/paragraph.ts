/** Text of the same appearance within a paragraph. */
export interface Inline {
  readonly text: string;
  readonly bold?: boolean;
  readonly italics?: boolean;
  readonly font?: string;
  readonly link?: string;
  readonly color?: string;
  readonly decoration?: 'underline' | 'lineThrough';
  readonly sup?: boolean;
  readonly sub?: boolean;
  readonly background?: string;
}

/** Collects the text of a paragraph. Whitespace collapses to one space, as in a browser. */
export class Paragraph {
  #inlines: Inline[] = [];
  #endsWithBlank = true;

  write(text: string, style: Omit<Inline, 'text'>, { keepsBlanks }: { readonly keepsBlanks: boolean }): void {
    const piece = keepsBlanks ? text : this.#collapsed(text);
    if (piece === '') return;
    this.#inlines.push({ ...style, text: piece });
    this.#endsWithBlank = /\s$/.test(piece.slice(-1));
  }

  lineBreak(): void {
    this.#inlines.push({ text: '\n' });
    this.#endsWithBlank = true;
  }

  /** Returns the text since the last call, without blanks around it. */
  take({ keepsBlanks }: { readonly keepsBlanks: boolean }): readonly Inline[] {
    const inlines = this.#inlines;
    this.#inlines = [];
    this.#endsWithBlank = true;
    if (inlines.every(({ text }) => text.trim() === '')) return [];
    const last = inlines.at(-1);
    if (last !== undefined) inlines[inlines.length - 1] = { ...last, text: last.text.trimEnd() };
    const [first] = inlines;
    // A line end directly after <pre> is not part of its text.
    if (keepsBlanks && first !== undefined) inlines[0] = { ...first, text: first.text.replace(/^\r?\n/, '') };
    return inlines.filter(({ text }) => text !== '');
  }

  #collapsed(text: string): string {
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ');
    return this.#endsWithBlank && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
  }
}
