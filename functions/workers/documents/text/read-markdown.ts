import { Marked } from 'marked';
import type { AnnotatedText } from './annotated-text.ts';
import { readHtml } from './read-html.ts';

/** A block of settings before the text, as site generators know it. */
const FRONT_MATTER = /^---[ \t]{0,9}\n/;
const FRONT_MATTER_END = /^(?:---|\.\.\.)[ \t]{0,9}$/m;
const FRONT_MATTER_TITLE = /^title:[ \t]{0,9}(.{1,300})$/m;
/** The parser needs some 30 bytes of memory a character; Markdown can be read as it is written, too. */
const MAX_PARSED_CHARACTERS = 8 * 1024 * 1024;
const MAX_FRONT_MATTER_CHARACTERS = 16 * 1024;

/** Not the global one, whose settings any other user of the library could change. */
const markdown = new Marked({ gfm: true, async: false });

/**
 * Markdown is read as the HTML it stands for: link addresses, badges, comments and table rules are no words of the text,
 * and the HTML that READMEs hold is treated as anywhere else.
 */
export function readMarkdown(source: string): AnnotatedText {
  const { title, body } = splitFrontMatter(source.replaceAll('\r\n', '\n'));
  if (body.length > MAX_PARSED_CHARACTERS)
    return { title, text: body, note: 'too long to take its markup out' };
  try {
    const page = readHtml(markdown.parse(body, { async: false }));
    return { title: title ?? page.title, text: page.text };
  } catch (error) {
    // The parser recurses; what nests too deeply for it can still be read as it is written.
    if (error instanceof RangeError)
      return { title, text: body, note: 'too deeply nested to take its markup out' };
    throw error;
  }
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
