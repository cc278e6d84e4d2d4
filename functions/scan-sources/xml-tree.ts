/** XML as a tree of elements that know their places. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { refusal } from '#contract/problem.ts';
import type { JobServiceError } from '#core/errors.ts';
import { checkMarkup, decodeReferences, lineAt } from './xml-markup.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Trimmed, unless a part of it is CDATA. */
  readonly text: string;
  /** Such as `/jobRequest/items/item[2] (line 7)`. */
  place(): string;
}

/** A request has six levels. */
const MAX_DEPTH = 16;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Decoded here: nothing that a text declares can then ever be expanded.
  processEntities: false,
  cdataPropName: '#cdata',
  captureMetaData: true,
  maxNestedTags: MAX_DEPTH,
});
const EXTENTS = XMLParser.getMetaDataSymbol() as symbol;

/** One of the parser: its only own member besides `:@` is named like the element, and holds what is in it. */
type Node = Readonly<Record<string | symbol, unknown>>;

interface Extent {
  readonly startIndex: number;
  readonly endIndex?: number;
}

/** What could reach beyond the text itself is refused before anything is parsed. */
export function readXml(source: string): XmlElement {
  const text = source.replaceAll(/\r\n?/g, '\n');
  checkMarkup(text);
  const checked = XMLValidator.validate(text);
  if (checked !== true) throw wrongXml(`line ${checked.err.line}: ${checked.err.msg}`);
  const [root, second] = parsed(text).filter(isElement);
  if (root === undefined) throw wrongXml('it has no element');
  if (second !== undefined) throw wrongXml(`it has a second root element, <${nameOf(second)}>`);
  const rest = text.slice(extentOf(root).endIndex).replaceAll(/<!--.*?-->|<\?.*?\?>/gs, '');
  if (rest.trim() !== '') throw wrongXml('it goes on behind its root element');
  return elementOf(root, text, `/${nameOf(root)}`);
}

export function wrongXml(what: string): JobServiceError {
  return refusal('invalid-request', `the XML is not accepted: ${what}`);
}

function parsed(text: string): Node[] {
  try {
    return parser.parse(text) as Node[];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isDepth = reason.includes('nested');
    throw wrongXml(isDepth ? `it is nested deeper than the ${MAX_DEPTH} levels that are allowed` : reason);
  }
}

function elementOf(node: Node, source: string, path: string): XmlElement {
  const inner = node[nameOf(node)] as readonly Node[];
  const elements = inner.filter(isElement);
  const totals = new Map<string, number>();
  for (const child of elements) totals.set(nameOf(child), (totals.get(nameOf(child)) ?? 0) + 1);
  const seen = new Map<string, number>();
  const children = elements.map((child) => {
    const name = nameOf(child);
    const position = (seen.get(name) ?? 0) + 1;
    seen.set(name, position);
    return elementOf(child, source, `${path}/${name}${totals.get(name) === 1 ? '' : `[${position}]`}`);
  });
  const attributes = Object.entries(Object(node[':@']) as Record<string, string>);
  return {
    name: nameOf(node),
    attributes: Object.fromEntries(attributes.map(([name, value]) => [name, decodeReferences(value)])),
    children,
    text: textOf(inner),
    place: () => `${path} (line ${lineAt(source, extentOf(node).startIndex)})`,
  };
}

function textOf(nodes: readonly Node[]): string {
  const cdata = nodes.filter((node) => node['#cdata'] !== undefined);
  const text = nodes.map((node) => {
    if (node['#cdata'] === undefined) return decodeReferences(String(node['#text'] ?? ''));
    return (node['#cdata'] as readonly Node[]).map((piece) => String(piece['#text'])).join('');
  });
  return cdata.length > 0 ? text.join('') : text.join('').trim();
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '';
}

/** Not a text, and no processing instruction. */
function isElement(node: Node): boolean {
  return !/^[#?]/.test(nameOf(node));
}

function extentOf(node: Node): Extent {
  return (node[EXTENTS] ?? { startIndex: 0 }) as Extent;
}
