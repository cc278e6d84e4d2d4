/** Node of the HTML tree that pdf.js makes from an XFA form. */
interface XfaNode {
  readonly name?: string;
  readonly value?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly children?: readonly XfaNode[] | undefined;
}

/** Returns the labels and values of a page of an XFA form, one on each line. pdf.js itself returns only the labels. */
export function xfaText(page: XfaNode): string {
  const lines: string[] = [];
  collect(page, lines);
  return lines.join('\n');
}

function collect({ name, value, attributes = {}, children = [] }: XfaNode, lines: string[]): void {
  if (name === 'option' && attributes['selected'] !== true) return;
  if (name === 'input' && isButton(attributes) && attributes['checked'] !== true) return;
  for (const text of [value, attributes['value'], attributes['textContent']]) {
    if (typeof text === 'string' && text.trim() !== '') {
      lines.push(text.trim());
      break;
    }
  }
  for (const child of children) if (child) collect(child, lines);
}

function isButton({ type }: Readonly<Record<string, unknown>>): boolean {
  return type === 'checkbox' || type === 'radio';
}
