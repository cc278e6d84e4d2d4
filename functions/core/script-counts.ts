const EAST_ASIAN = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\u3000-\u303f\uff00-\uffef]/u;

/** Numbers of characters in a text. */
export interface ScriptCounts {
  readonly all: number;
  readonly ascii: number;
  /** In the most frequent block of 256 characters beyond ASCII. All east Asian characters are one block. */
  readonly largest: number;
}

/** A text has characters of few scripts. Bytes that are read in a wrong encoding have some of all. */
export function scriptCounts(text: string): ScriptCounts {
  const blocks = new Map<number | 'east-asian', number>();
  let [all, ascii] = [0, 0];
  for (const character of text) {
    all += 1;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      ascii += 1;
      continue;
    }
    const block = EAST_ASIAN.test(character) ? 'east-asian' : code >> 8;
    blocks.set(block, (blocks.get(block) ?? 0) + 1);
  }
  return { all, ascii, largest: Math.max(0, ...blocks.values()) };
}
