/** Finds the text of a part in JSON, so that an editor can select it. */
import type { Path } from './pointer.ts';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

interface Token extends TextRange {
  readonly text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Returns the range of the part at a path, or of its closest parent that exists. The text must be valid JSON. */
export function rangeOf(text: string, path: Path): TextRange {
  const tokens: Token[] = [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));
  let begin = 0;
  for (const segment of path) {
    const member = memberOf(tokens, begin, segment);
    if (member === undefined) break;
    begin = member;
  }
  const start = tokens[begin]?.start ?? 0;
  return { start, end: tokens[endOf(tokens, begin)]?.end ?? text.length };
}

/** Returns the index of the first token of a member of the value that begins at a token. */
function memberOf(tokens: readonly Token[], begin: number, segment: string): number | undefined {
  const isList = tokens[begin]?.text === '[';
  if (!isList && tokens[begin]?.text !== '{') return undefined;
  let at = begin + 1;
  for (let index = 0; at < tokens.length && !isClosing(tokens[at]); index += 1) {
    const name = isList ? String(index) : JSON.parse(tokens[at]?.text ?? '""');
    const value = isList ? at : at + 2;
    if (name === segment) return value;
    at = endOf(tokens, value) + 1;
    if (tokens[at]?.text === ',') at += 1;
  }
  return undefined;
}

/** Returns the index of the last token of the value that begins at a token. */
function endOf(tokens: readonly Token[], begin: number): number {
  let depth = 0;
  for (let at = begin; at < tokens.length; at += 1) {
    const text = tokens[at]?.text;
    if (text === '{' || text === '[') depth += 1;
    if (isClosing(tokens[at])) depth -= 1;
    if (depth <= 0) return at;
  }
  return tokens.length - 1;
}

function isClosing(token: Token | undefined): boolean {
  return token?.text === '}' || token?.text === ']';
}
