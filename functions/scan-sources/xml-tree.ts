/** Parses XML into a tree of elements with their locations. */
import { XmlElement as ParsedElement, parseXml, XmlCdata, XmlError, XmlText } from '@rgrove/parse-xml';
import { refusal } from '#contract/problem.ts';
import type { JobServiceError } from '#core/errors.ts';
import { checkMarkup, lineAt } from './xml-markup.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text of the element. Trimmed, unless a part of it is CDATA. */
  readonly text: string;
  /** Returns the path and line, such as `/jobRequest/items/item[2] (line 7)`. */
  location(): string;
}

/** A request has six levels. */
const MAX_DEPTH = 16;

/** Parses XML. Rejects markup that could load anything outside the text before parsing. */
export function readXml(source: string): XmlElement {
  const text = source.replaceAll(/\r\n?/g, '\n');
  checkMarkup(text);
  const root = parseRoot(text);
  return elementOf(root, { source: text, path: `/${root.name}`, depth: 1 });
}

export function wrongXml(what: string): JobServiceError {
  return refusal('invalid-request', `the XML is not accepted: ${what}`);
}

function parseRoot(text: string): ParsedElement {
  try {
    const { root } = parseXml(text, { includeOffsets: true, preserveCdata: true });
    if (root !== null) return root;
  } catch (error) {
    if (error instanceof XmlError) throw wrongXml(`line ${error.line}: ${firstLine(error.message)}`);
    // The parser is recursive. Only a text with thousands of levels exhausts the stack.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
  throw wrongXml('it has no element');
}

/** Removes the excerpt that the parser appends. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ \(line \d+, column \d+\)$/, '');
}

function tooDeep(): JobServiceError {
  return wrongXml(`it is nested deeper than the ${MAX_DEPTH} levels allowed`);
}

interface Position {
  readonly source: string;
  readonly path: string;
  readonly depth: number;
}

function elementOf(element: ParsedElement, { source, path, depth }: Position): XmlElement {
  if (depth > MAX_DEPTH) throw tooDeep();
  const elements = element.children.filter((node) => node instanceof ParsedElement);
  const totals = new Map<string, number>();
  for (const { name } of elements) totals.set(name, (totals.get(name) ?? 0) + 1);
  const counts = new Map<string, number>();
  const children = elements.map((child) => {
    const { name } = child;
    const position = (counts.get(name) ?? 0) + 1;
    counts.set(name, position);
    const index = totals.get(name) === 1 ? '' : `[${position}]`;
    return elementOf(child, { source, path: `${path}/${name}${index}`, depth: depth + 1 });
  });
  return {
    name: element.name,
    attributes: { ...element.attributes },
    children,
    text: textOf(element),
    location: () => `${path} (line ${lineAt(source, element.start)})`,
  };
}

function textOf({ children }: ParsedElement): string {
  const texts = children.filter((node) => node instanceof XmlText);
  const text = texts.map((node) => node.text).join('');
  return texts.some((node) => node instanceof XmlCdata) ? text : text.trim();
}
