/** Checks that the texts that separate the records and fields of a file are different enough to read any file. */

export interface SyntaxTexts {
  readonly format?: string | undefined;
  /** `auto`: detected. */
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly recordSeparator?: string | undefined;
}

type Member = Exclude<keyof SyntaxTexts, 'format'>;

export interface SyntaxFault {
  readonly member: Member;
  readonly reason: string;
}

/** The first text of a pair must not contain the second. */
const CLASHES: readonly (readonly [Member, Member])[] = [
  ['delimiter', 'quote'],
  ['delimiter', 'escape'],
  // The other way is possible: with "\n;" between records, fields may be separated by semicolons.
  ['delimiter', 'recordSeparator'],
  ['recordSeparator', 'quote'],
  ['recordSeparator', 'escape'],
];

/** Returns the members with which no file can be read. */
export function syntaxFaults(given: SyntaxTexts): SyntaxFault[] {
  const { format, delimiter = ',' } = given;
  const isDetected = delimiter === 'auto';
  const texts = {
    ...given,
    delimiter: isDetected ? undefined : delimiter,
    quote: given.quote ?? (isDetected ? undefined : '"'),
    // Other formats have no fields, so their records may be separated by any text.
    recordSeparator: format === 'csv' ? given.recordSeparator : undefined,
  };
  const faults: SyntaxFault[] = [];
  if (texts.quote === '' && texts.escape !== undefined) {
    const reason = `${JSON.stringify(texts.escape)} has no use with an empty quote. Leave escape out, or set quote to the character around fields`;
    faults.push({ member: 'escape', reason });
  }
  for (const [whole, part] of CLASHES) {
    const [text, contained] = [texts[whole], texts[part]];
    if (text === undefined || contained === undefined || contained === '' || !text.includes(contained))
      continue;
    // A quote that is doubled is its own escape.
    if (part === 'escape' && contained === texts.quote) continue;
    const [member, other] = given[whole] === undefined ? [part, whole] : [whole, part];
    const relation = text === contained ? 'is also' : member === whole ? 'contains' : 'is part of';
    const origin = given[other] === undefined ? ' (the default)' : '';
    const reason = `${JSON.stringify(texts[member])} ${relation} the ${other} ${JSON.stringify(texts[other])}${origin}. Set ${whole} or ${part} to another text`;
    faults.push({ member, reason });
  }
  return faults;
}
