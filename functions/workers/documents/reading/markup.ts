/** Markup appears early. The bound limits the cost of the patterns. */
const SNIFFED_CHARACTERS = 64 * 1024;

const HTML_DOCUMENT = /^<(?:!doctype\s{1,20}html|html|head|body)[\s>]/i;
const HTML_FRAGMENT =
  /^<(?:a|article|div|dl|footer|h[1-6]|header|main|nav|ol|p|section|span|table|title|ul)[\s>]/i;

const HEADING = /^#{1,6} \S/m;
const UNDERLINED_HEADING = /^[^\n]{1,200}\n(?:={3,200}|-{3,200})$/m;
const FENCE = /^(?:```|~~~)/m;
const LINK = /\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)/;
const TABLE = /^\|?[ :]{0,9}-{3,200}[ :]{0,9}\|/m;

/** True for a complete HTML page, by its first element. */
export function looksLikeHtmlDocument(source: string): boolean {
  return HTML_DOCUMENT.test(withoutPreamble(source));
}

/** True for an HTML fragment: it begins with an element and ends with a tag. */
export function looksLikeHtmlFragment(source: string): boolean {
  return (
    HTML_FRAGMENT.test(withoutPreamble(source)) && source.slice(-SNIFFED_CHARACTERS).trimEnd().endsWith('>')
  );
}

/** Requires a heading or a fence, and one more sign, because shell and Python comments look like headings. */
export function looksLikeMarkdown(source: string): boolean {
  const sniffed = source.slice(0, SNIFFED_CHARACTERS).replaceAll('\r\n', '\n');
  if (sniffed.startsWith('#!')) return false;
  const hasHeading = HEADING.test(sniffed) || UNDERLINED_HEADING.test(sniffed);
  const hasFence = FENCE.test(sniffed);
  const signs = [hasHeading, hasFence, LINK.test(sniffed), TABLE.test(sniffed)].filter(Boolean).length;
  return (hasHeading || hasFence) && signs >= 2;
}

/** Skips whitespace, comments and an XML prolog before the first element. */
function withoutPreamble(source: string): string {
  let rest = source.slice(0, SNIFFED_CHARACTERS).trimStart();
  for (const [open, close] of [
    ['<?', '?>'],
    ['<!--', '-->'],
  ] as const) {
    while (rest.startsWith(open)) {
      const end = rest.indexOf(close);
      if (end < 0) return '';
      rest = rest.slice(end + close.length).trimStart();
    }
  }
  return rest;
}
