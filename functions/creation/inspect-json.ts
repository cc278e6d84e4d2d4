/** Finds JSON that `JSON.parse` accepts and this API refuses. It inspects the text, because the parsed value hides it. */
import { losesDigits, SAFE_DIGITS } from '#core/json/exact-number.ts';
import { endOfString } from '#core/json/parse-json.ts';

export interface JsonFault {
  /** JSON Pointer to the location of the fault. */
  readonly pointer: string;
  readonly detail: string;
}

const MAX_JSON_DEPTH = 32;

/** Names that can replace the prototype of an object when code copies its members. */
const FORBIDDEN_NAMES = ['__proto__', 'constructor'];

interface Level {
  /** Names read so far; absent in an array. */
  readonly names?: Set<string>;
  /** Name or index of the current member. */
  at: string | number;
  isAtName: boolean;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Returns the first fault of a text that `JSON.parse` accepts, or `undefined`. */
export function jsonFault(text: string): JsonFault | undefined {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; ) {
    const character = text[i] ?? '';
    const level = levels.at(-1);
    if (character === '{' || character === '[') {
      if (levels.length === MAX_JSON_DEPTH) {
        return faultAt(levels, `is nested deeper than the ${MAX_JSON_DEPTH} levels that are allowed`);
      }
      levels.push(character === '{' ? { names: new Set(), at: '', isAtName: true } : newArray());
      i += 1;
    } else if (character === '"') {
      const end = endOfString(text, i);
      const detail = stringFault(text.slice(i, end), level);
      if (detail !== undefined) return faultAt(levels, detail);
      i = end;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      NUMBER.lastIndex = i;
      const [literal = character] = NUMBER.exec(text) ?? [];
      const detail = numberFault(literal);
      if (detail !== undefined) return faultAt(levels, detail);
      i += literal.length;
    } else {
      if (character === '}' || character === ']') levels.pop();
      else if (level !== undefined) advance(level, character);
      i += 1;
    }
  }
  return undefined;
}

function newArray(): Level {
  return { at: 0, isAtName: false };
}

function advance(level: Level, character: string): void {
  if (character === ':') level.isAtName = false;
  if (character !== ',') return;
  if (level.names !== undefined) level.isAtName = true;
  else if (typeof level.at === 'number') level.at += 1;
}

function stringFault(literal: string, level: Level | undefined): string | undefined {
  const isName = level?.names !== undefined && level.isAtName;
  // In well-formed text, only an escape can contain a lone surrogate.
  const mustParse = isName || literal.includes('\\u');
  const value: string = mustParse ? JSON.parse(literal) : '';
  if (isName) level.at = value;
  if (!value.isWellFormed()) return 'contains half of a surrogate pair, which is not valid Unicode';
  if (!isName) return undefined;
  if (FORBIDDEN_NAMES.includes(value)) return 'has a name that is not allowed';
  if (level.names?.has(value)) return 'appears twice';
  level.names?.add(value);
  return undefined;
}

/** Returns why this API refuses a number, or `undefined`. */
export function numberFault(literal: string): string | undefined {
  const value = Number(literal);
  if (!Number.isFinite(value)) return 'is a number that is too large to store';
  const isInteger = /^-?\d+$/.test(literal);
  if (isInteger && !Number.isSafeInteger(value))
    return 'is an integer beyond 2^53 - 1, which would lose digits; send it as a string';
  return !isInteger && losesDigits(literal)
    ? `has more digits than a number keeps (${SAFE_DIGITS} to 17); round it, or send it as a string`
    : undefined;
}

function faultAt(levels: readonly Level[], detail: string): JsonFault {
  return { pointer: jsonPointer(levels.map(({ at }) => at)), detail };
}

/** Names in errors are shortened to this length, because a name can be as long as a body. */
const MAX_NAME_LENGTH = 100;

/** Returns the JSON Pointer (RFC 6901) of a path. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${shorten(String(step)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`.toWellFormed();
}
