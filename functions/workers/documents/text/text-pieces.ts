/** A unit that is drawn as one: a letter with its marks, or a word of a script whose letters join. */
const PIECE = /[\p{sc=Arab}\p{sc=Syrc}\p{sc=Nkoo}\u0640\p{M}]{1,40}|\P{M}\p{M}{0,8}/gsv;

/** Characters that only control layout: joiners, direction marks, the byte order mark, the soft hyphen. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gv;

const REPLACEMENT = '\ufffd';

/** Text that the font can show completely, and the number of characters that were replaced. */
export interface ShownText {
  readonly text: string;
  readonly replacedCount: number;
}

export function replaceMissingGlyphs(line: string, hasGlyph: (codePoint: number) => boolean): ShownText {
  let text = '';
  let replacedCount = 0;
  for (const character of line.normalize('NFC').replace(INVISIBLE, '')) {
    const isShown = character === '\t' || hasGlyph(character.codePointAt(0) ?? 0);
    if (!isShown) replacedCount += 1;
    text += isShown ? character : REPLACEMENT;
  }
  return { text, replacedCount };
}

export function piecesOf(text: string): readonly string[] {
  return text.match(PIECE) ?? [];
}
