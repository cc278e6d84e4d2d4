import { Marked } from 'marked';
import type { AnnotatedText } from './annotated-text.ts';
import { readHtml } from './read-html.ts';

/** Front matter: a block of settings before the text, used by static site generators. */
const FRONT_MATTER = /^---[ \t]{0,9}\n/;
const FRONT_MATTER_END = /^(?:---|\.\.\.)[ \t]{0,9}$/m;
const FRONT_MATTER_TITLE = /^title:[ \t]{0,9}(.{1,300})$/m;
/** The parser needs about 30 bytes of memory per character. Longer Markdown is returned as written. */
const MAX_PARSED_CHARACTERS = 8 * 1024 * 1024;
const MAX_FRONT_MATTER_CHARACTERS = 16 * 1024;

/** Own instance, because any module can change the settings of the global one. */
const markdown = new Marked({ gfm: true, async: false });

/** Markdown as HTML. `html` is absent if the text is too long or too deeply nested to parse; `note` then states why. */
export interface MarkdownPage {
  readonly title?: string | undefined;
  /** Text without its front matter, as written. */
  readonly body: string;
  readonly html?: string;
  readonly note?: string;
}

export function markdownPage(source: string): MarkdownPage {
  const { title, body } = splitFrontMatter(source.replaceAll('\r\n', '\n'));
  if (body.length > MAX_PARSED_CHARACTERS) return { title, body, note: 'too long to take its markup out' };
  try {
    return { title, body, html: markdown.parse(body, { async: false }) };
  } catch (error) {
    // The parser is recursive. Text that nests too deeply is returned as written.
    if (error instanceof RangeError) return { title, body, note: 'too deeply nested to take its markup out' };
    throw error;
  }
}

/**
 * Converts Markdown to HTML and reads that. Link addresses, badges, comments and table rules are therefore not part of
 * the text, and embedded HTML is treated as HTML.
 */
export function readMarkdown(source: string): AnnotatedText {
  const { title, body, html, note } = markdownPage(source);
  if (html === undefined) return { title, text: body, note };
  const page = readHtml(html);
  return { title: title ?? page.title, text: page.text };
}

function splitFrontMatter(source: string): { title?: string | undefined; body: string } {
  const opening = FRONT_MATTER.exec(source)?.[0];
  if (opening === undefined) return { body: source };
  const head = source.slice(opening.length, MAX_FRONT_MATTER_CHARACTERS);
  const end = FRONT_MATTER_END.exec(head);
  if (!end) return { body: source };
  const title = FRONT_MATTER_TITLE.exec(head.slice(0, end.index))?.[1];
  return {
    title: title?.trim().replace(/^(["'])(.*)\1$/, '$2'),
    body: source.slice(opening.length + end.index + end[0].length),
  };
}
