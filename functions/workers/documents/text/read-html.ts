import { type Handler, Parser } from 'htmlparser2';
import type { AnnotatedText } from './annotated-text.ts';
import { LineWriter } from './line-writer.ts';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements whose content is not document text. */
const SILENT = names('audio canvas iframe noframes noscript object script style svg template video');
/** Elements separated from their surroundings by an empty line. */
const PARAGRAPHS = names(
  'article aside blockquote details dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header main nav ol p pre section table ul',
);
/** Elements that start and end a line. */
const LINES = names('address br caption dd div dt figcaption hr legend li option summary textarea tr');
const CELLS = names('td th');
/** Only XHTML has elements such as `<title/>` and CDATA sections. HTML ignores the slash. */
const XHTML = /^\s*<\?xml|<html\b[^>]{0,500}xmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml/i;
const XHTML_WITHIN = 4_096;
const KEEPS_BLANKS = names('pre textarea');

/**
 * Returns the text of an HTML document and its title, or its first `h1` if it has no title. The parser streams tags: it
 * builds no tree, runs no script and fetches nothing.
 */
export function readHtml(source: string): AnnotatedText {
  const lines = new LineWriter();
  const titles = { title: '', h1: '' };
  let capturing: keyof typeof titles | undefined;
  let silent = 0;
  let keepsBlanks = 0;

  const breakAround = (name: string) => {
    if (PARAGRAPHS.has(name)) lines.breakTo(2);
    else if (LINES.has(name)) lines.breakTo(1);
  };
  const isXhtml = XHTML.test(source.slice(0, XHTML_WITHIN));
  const handler: Partial<Handler> = {
    onopentagname(name) {
      if (SILENT.has(name)) silent += 1;
      if (KEEPS_BLANKS.has(name)) keepsBlanks += 1;
      if ((name === 'title' || name === 'h1') && silent === 0 && titles[name].trim() === '') capturing = name;
      if (CELLS.has(name)) lines.write(' ');
      breakAround(name);
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent -= 1;
      if (KEEPS_BLANKS.has(name)) keepsBlanks -= 1;
      if (name === capturing) capturing = undefined;
      breakAround(name);
    },
    ontext(text) {
      if (silent > 0) return;
      // The parser does not recognize a CDATA section in a title.
      if (capturing) titles[capturing] += isXhtml ? text.replace(/<!\[CDATA\[|\]\]>/g, '') : text;
      if (capturing !== 'title') lines.write(text, { keepBlanks: keepsBlanks > 0 });
    },
  };
  const parser = new Parser(handler, { recognizeSelfClosing: isXhtml, recognizeCDATA: isXhtml });
  parser.end(source);
  return { title: titles.title.trim() === '' ? titles.h1 : titles.title, text: lines.end() };
}
