import { describe, expect, test } from 'vitest';
import { linesOf } from '../../../../../functions/workers/documents/text/text-lines.ts';
import {
  piecesOf,
  replaceMissingGlyphs,
} from '../../../../../functions/workers/documents/text/text-pieces.ts';

/** Layout where a letter is one unit wide and a line ten, with tab stops every four units. */
function broken(paragraph: string, width = 10) {
  const options = { width, tabWidth: 4, measure: () => 1 };
  return [...linesOf(paragraph, options)].map(({ runs }) =>
    runs.map(({ x, pieces }) => `${x}:${pieces.join('')}`).join(' '),
  );
}

describe('a paragraph', () => {
  test('breaks between words and drops the space at the break', () => {
    expect(broken('one two three four')).toEqual(['0:one two', '0:three four']);
    expect(broken('exactlyten next')).toEqual(['0:exactlyten', '0:next']);
  });

  test('breaks after a hyphen', () => {
    expect(broken('state-of-the-art')).toEqual(['0:state-of-', '0:the-art']);
  });

  test('breaks a word that is longer than a line, and only that', () => {
    expect(broken('a abcdefghijklmnop b')).toEqual(['0:a', '0:abcdefghij', '0:klmnop b']);
  });

  test('without text is an empty line', () => {
    expect(broken('')).toEqual(['']);
  });

  test('continues at the next tab stop', () => {
    expect(broken('a\tbcdef\tg')).toEqual(['0:a 4:bcdef', '0:g']);
    expect(broken('\t\tx')).toEqual(['8:x']);
  });

  test('of words narrower than a letter still ends', () => {
    expect(broken('abc', 0)).toEqual(['0:a', '0:b', '0:c']);
  });
});

describe('right-to-left script', () => {
  test('is right-aligned with reversed letters, but not numbers and Latin words', () => {
    expect(broken('אבג 12.5 xy', 12)).toEqual(['1:xy 12.5 גבא']);
  });

  test('keeps signs of percent and currency with their number', () => {
    expect(broken('אב 50% גד', 10)).toEqual(['1:דג 50% בא']);
    expect(broken('אב €5 גד', 10)).toEqual(['2:דג €5 בא']);
  });

  test('of a very long paragraph takes linear time, and keeps the direction of its beginning', () => {
    const begin = performance.now();

    const lines = broken(`א${'1,'.repeat(200_000)}${' ab'.repeat(2_000)}`, 1_000);

    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(lines.at(-1)?.endsWith('ab')).toBe(true);
    expect(lines.at(-1)).toMatch(/^[1-9]\d*:/);
  });

  test('mirrors signs that are not brackets', () => {
    expect(broken('א≤ב', 5)).toEqual(['2:ב≥א']);
  });

  test('within a Latin paragraph reverses only itself', () => {
    expect(broken('see אב גד ok', 20)).toEqual(['0:see דג בא ok']);
  });

  test('mirrors its brackets', () => {
    expect(broken('א(ב)ג', 5)).toEqual(['0:ג(ב)א']);
  });

  test('is broken in reading order, then reversed', () => {
    expect(broken('אבגד הוזח טיכל', 10)).toEqual(['1:חזוה דגבא', '6:לכיט']);
  });
});

describe('pieces', () => {
  test('keep marks with their letter and Arabic words whole', () => {
    expect(piecesOf('ax\u0301')).toEqual(['a', 'x\u0301']);
    expect(piecesOf('سلام ab')).toEqual(['سلام', ' ', 'a', 'b']);
    expect(piecesOf('😀!')).toEqual(['😀', '!']);
  });

  test('without a glyph are replaced and counted, and invisible ones are dropped', () => {
    const shown = replaceMissingGlyphs(
      'a日\u200b本\t\u00adé',
      (codePoint) => codePoint < 0x100 || codePoint === 0xfffd,
    );

    expect(shown).toEqual({ text: 'a\ufffd\ufffd\té', replacedCount: 2 });
  });
});
