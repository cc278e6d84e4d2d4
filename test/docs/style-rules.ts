/** Patterns of unidiomatic English, each with its reason. `style.test.ts` fails on every hit. */
import { readFileSync } from 'node:fs';

/** Where a text comes from: a comment or docstring, a page of documentation, a string literal, the name of a test. */
export type TextKind = 'comment' | 'page' | 'string' | 'test name';

export interface StyledText {
  readonly file: string;
  readonly line: number;
  readonly kind: TextKind;
  readonly text: string;
}

interface StyleRule {
  readonly pattern: RegExp;
  readonly why: string;
  /** @default - every kind */
  readonly kinds?: readonly TextKind[];
}

const PROSE: readonly TextKind[] = ['comment', 'page'];

export const STYLE_RULES: readonly StyleRule[] = [
  {
    pattern: /^(What|Whether|Of|As|So|Who|Whose|Where|How|Those|That|Asked|Said|Told|Kept)\b/,
    why: 'a comment states what the thing is or does: "Returns the …", "Number of …", "True if …"',
    kinds: ['comment'],
  },
  {
    pattern: /\b(whoever|whatever|whosoever|nobody|somebody|anybody|everybody)\b/i,
    why: 'name the actor: the caller, the worker, the tracker',
  },
  {
    pattern:
      /\b(shall|thereby|therein|thereof|hitherto|be it|for good|in the midst|at its door|is of no use)\b/i,
    why: 'archaic; use the plain modern form',
  },
  { pattern: /\bso (much|often|many|long) at most\b/i, why: 'write "limit" or "maximum rate"' },
  {
    pattern: /\b(stands? still|stood still|is over|are over|was over|goes on|went on|go on with)\b/i,
    why: 'write "is stalled", "has finished" (a job: "is final"), "continues"',
  },
  {
    pattern: /\b(comes?|came|become) of\b/i,
    why: 'write "the outcome of" or "results in"',
  },
  {
    pattern: /\b(lies?|lay|stands?|stood) (at|in|on|there|below|beside|behind|under|where|for|before)\b/i,
    why: 'files and rows are stored, located or kept somewhere; they neither lie nor stand',
  },
  {
    pattern: /\b(is|are|was|were|be|being) (told|asked)\b/i,
    why: 'name the actor and the verb: "the function returns", "the caller requests"',
    kinds: PROSE,
  },
  {
    pattern: /\b(answers|says|tells)\b/i,
    why: 'functions return or throw, endpoints respond, documents state',
    kinds: ['comment'],
  },
  {
    pattern: /\b(put aside|in line|in the line|stands? in line)\b/i,
    why: 'write "unroutable", "on the waitlist"',
  },
  {
    pattern: /\bplaces?\b(?! (of|in) order)/i,
    why: 'write "slot" (capacity), "location" (errors, files), "position" (lists)',
    kinds: PROSE,
  },
  {
    pattern: /\bis no [a-z]+\b(?<!is no (longer|more|way))/i,
    why: 'write "is not a …"',
    kinds: ['comment', 'page', 'string'],
  },
  { pattern: /\bmembers? of (the|an|a) (zip|archive)\b/i, why: 'a file inside an archive is an entry' },
  { pattern: /\b(a|one) of its own\b/i, why: 'write "its own …"', kinds: PROSE },
  {
    pattern: /\b(alike|alas|lest|hence|whence|thence|anew|yonder|save for|but for)\b/i,
    why: 'archaic; use the plain modern form',
  },
];

/** Longest sentence that a reader takes in at once, in words. */
export const MAX_SENTENCE_WORDS: Readonly<Partial<Record<TextKind, number>>> = { comment: 30, page: 32 };

/** Comments, strings of three words or more, and test names of a TypeScript file. */
export function textsOfSource(file: string): StyledText[] {
  const source = readFileSync(file, 'utf8');
  const texts: StyledText[] = [];
  const token =
    /\/\*[\s\S]*?\*\/|(?:^|[^:'"`\\])(\/\/[^\n]*(?:\n\s*\/\/[^\n]*)*)|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gm;
  for (const { 0: whole, 1: lineComment, index } of source.matchAll(token)) {
    const line = source.slice(0, index).split('\n').length;
    if (whole.startsWith('/*') || lineComment !== undefined) {
      texts.push({ file, line, kind: 'comment', text: commentText(lineComment ?? whole) });
    } else if (/\S+\s+\S+\s+\S+/.test(whole)) {
      const isTestName = /\b(test|describe|it)(\.\w+)*(\([^()]*\))?\(\s*$/.test(source.slice(0, index));
      texts.push({ file, line, kind: isTestName ? 'test name' : 'string', text: whole.slice(1, -1) });
    }
  }
  return texts;
}

function commentText(comment: string): string {
  const isBlock = comment.startsWith('/*');
  const inner = isBlock ? comment.replace(/^\/\*+\s?|\s*\*\/$/g, '') : comment;
  const lines = inner.split('\n').map((line) => line.replace(isBlock ? /^\s*\*\s?/ : /^\s*\/\/+\s?/, ''));
  return withoutExamples(lines.join('\n').trim());
}

/** A page's paragraphs, without code, tables and headings. */
export function textsOfPage(file: string): StyledText[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const texts: StyledText[] = [];
  let isCode = false;
  let paragraph: { line: number; lines: string[] } | undefined;
  const flush = () => {
    if (paragraph !== undefined) {
      texts.push({
        file,
        line: paragraph.line,
        kind: 'page',
        text: withoutExamples(paragraph.lines.join('\n')),
      });
    }
    paragraph = undefined;
  };
  for (const [position, line] of lines.entries()) {
    if (/^\s*```/.test(line)) isCode = !isCode;
    const isBreak = isCode || line.trim() === '' || /^\s*(```|#|\||[-*] |\d+\. )/.test(line);
    if (isBreak) flush();
    if (isCode || line.trim() === '' || /^\s*```/.test(line)) continue;
    paragraph ??= { line: position + 1, lines: [] };
    paragraph.lines.push(line.replace(/^\s*([-*] |\d+\. |#+ )/, ''));
    if (/^\s*[#|]/.test(line)) flush();
  }
  flush();
  return texts;
}

/** Code spans and links' addresses are not prose. */
function withoutExamples(text: string): string {
  return text
    .replace(/@example[\s\S]*/, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`]*`/g, 'x')
    .replace(/\]\([^)]*\)/g, ']');
}

/** Descriptions of everything in a text that breaks a rule. */
export function styleFaults({ kind, text }: StyledText): string[] {
  const faults = STYLE_RULES.filter(({ kinds }) => kinds === undefined || kinds.includes(kind)).flatMap(
    ({ pattern, why }) => {
      const hit = pattern.exec(text);
      return hit === null ? [] : [`'${hit[0]}': ${why}`];
    },
  );
  const limit = MAX_SENTENCE_WORDS[kind];
  const longest = limit === undefined || /^\s*\|/.test(text) ? undefined : longSentence(text, limit);
  return longest === undefined ? faults : [...faults, `a sentence of ${longest} words; at most ${limit}`];
}

function longSentence(text: string, limit: number): number | undefined {
  const sentences = text.split(/[.!?:;](?:\s|$)|\n\s*\n|\n\s*(?=@|[-*] |\d+\. )/);
  const words = Math.max(
    ...sentences.map((sentence) => sentence.split(/\s+/).filter((word) => /\w/.test(word)).length),
  );
  return words > limit ? words : undefined;
}
