/** Checks XML text before parsing: it must not declare, expand or fetch anything. */
import { refusal } from '#contract/problem.ts';
import type { JobServiceError } from '#core/errors.ts';

/** Enough for 10,000 items with all their elements. */
const MAX_TAGS = 400_000;

/** A reference may also encode a carriage return, which the text itself cannot contain. */
const NOT_A_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const NOT_XML = /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
/** Matches comments and CDATA sections, which contain no markup, then declarations, references and tags. */
const MARKUP = /<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)|<!\w*|&([^;\s<&]{0,32};?)|</gs;
const KNOWN_REFERENCE = /^(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});$/;

export function checkMarkup(text: string): void {
  const invalidCharacter = NOT_XML.exec(text);
  if (invalidCharacter !== null) {
    const code = text.charCodeAt(invalidCharacter.index).toString(16).toUpperCase().padStart(4, '0');
    throw wrongMarkup(text, invalidCharacter.index, `the character U+${code} is not allowed in XML`);
  }
  let tags = 0;
  for (const { 0: markup, 1: reference, index } of text.matchAll(MARKUP)) {
    if (markup === '<') tags += 1;
    if (/^<!\w*$/.test(markup)) {
      throw wrongMarkup(
        text,
        index,
        `${markup} is not allowed; a request cannot have a DOCTYPE or declarations`,
      );
    }
    if (reference !== undefined && !KNOWN_REFERENCE.test(reference)) {
      throw wrongMarkup(
        text,
        index,
        `'${markup}' is not known; allowed are &lt; &gt; &amp; &quot; &apos; and numbers such as &#8364;`,
      );
    }
    if (reference !== undefined && isInvalidCharacter(reference.slice(0, -1))) {
      throw wrongMarkup(text, index, `'${markup}' is not a valid XML character`);
    }
    if (tags > MAX_TAGS) {
      throw wrongMarkup(text, index, `it has more than ${MAX_TAGS} tags; split the request into several`);
    }
  }
}

/** True if the reference is to a number that is not an XML character. */
function isInvalidCharacter(name: string): boolean {
  if (!name.startsWith('#')) return false;
  const code = name.startsWith('#x')
    ? Number.parseInt(name.slice(2), 16)
    : Number.parseInt(name.slice(1), 10);
  return code > 0x10ffff || NOT_A_CHARACTER.test(String.fromCodePoint(code));
}

/** Returns the line number of a position, from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function wrongMarkup(text: string, index: number, what: string): JobServiceError {
  return refusal('invalid-request', `the XML is not accepted: line ${lineAt(text, index)}: ${what}`);
}
