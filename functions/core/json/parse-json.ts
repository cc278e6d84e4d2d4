/** Parses JSON without losing digits of a number. */
import { ExactNumber, losesDigits, SAFE_DIGITS } from './exact-number.ts';

/** An exponent of three digits can exceed the range of a double. */
const LONG_EXPONENT = /\d[eE][+-]?\d{3}/;

/** Returns the value of a JSON text. A number that would lose digits becomes an `ExactNumber`. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!hasLongNumber(text)) return value;
  const literals = inexactLiterals(text);
  return literals.length === 0 ? value : parseWithExactNumbers(text, literals);
}

/**
 * True if the text contains a run of 16 digits and dots, or a long exponent, in a number or a string. It looks at every
 * sixteenth character, because each such run covers one of them, and takes a quarter of the time of parsing.
 */
function hasLongNumber(text: string): boolean {
  const step = SAFE_DIGITS + 1;
  for (let at = SAFE_DIGITS; at < text.length; at += step) {
    if (!isDigitOrDot(text, at)) continue;
    let first = at;
    let end = at + 1;
    while (isDigitOrDot(text, first - 1)) first -= 1;
    while (isDigitOrDot(text, end)) end += 1;
    if (end - first >= step) return true;
  }
  return LONG_EXPONENT.test(text);
}

function isDigitOrDot(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || code === 46;
}

interface Literal {
  readonly text: string;
  readonly at: number;
}

/** Returns the numbers of a valid JSON text that would lose digits. */
function inexactLiterals(text: string): Literal[] {
  const token = /"|-?\d[\d.eE+-]*/g;
  const found: Literal[] = [];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [literal] = match;
    if (literal === '"') token.lastIndex = endOfString(text, match.index);
    else if (losesDigits(literal)) found.push({ text: literal, at: match.index });
  }
  return found;
}

/** Parses the text with the literals as strings that begin with a character which no other string contains. */
function parseWithExactNumbers(text: string, literals: readonly Literal[]): unknown {
  const mark = unusedCharacter(text);
  let marked = '';
  let end = 0;
  for (const literal of literals) {
    marked += `${text.slice(end, literal.at)}"${mark}${literal.text}"`;
    end = literal.at + literal.text.length;
  }
  return JSON.parse(marked + text.slice(end), (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value,
  );
}

/** Returns a character of the private use area that the text contains neither directly nor as an escape. */
function unusedCharacter(text: string): string {
  for (let code = 0xe000; ; code += 1) {
    const character = String.fromCharCode(code);
    const asEscape = new RegExp(`\\\\u${code.toString(16)}`, 'i');
    if (!text.includes(character) && !asEscape.test(text)) return character;
  }
}

/** Returns the position after the closing quote, which an even number of backslashes precedes. */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
