/** Converts the XML of a job request (docs/how-to/scan-a-folder.md) to the body of the API call. */
import { refusal } from '#contract/problem.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { jsonFault, numberFault } from '../creation/inspect-json.ts';
import { readXml, wrongXml, type XmlElement } from './xml-tree.ts';

type Value = string | number | boolean | object | null;

const ROOT = 'jobRequest';
/** Attributes for namespaces and schemas, which differ between programs. */
const IGNORED_ATTRIBUTE = /^(?:xmlns(?::.*)?|xsi:.*)$/;

/** Returns the id of the request, if it has one, and the body for the API, with the URLs as written. */
export function requestOfXml(text: string): { id?: string; body: Record<string, unknown> } {
  const root = readXml(text);
  if (root.name !== ROOT) throw wrongXml(`its root element is <${root.name}>; <${ROOT}> is expected`);
  const { id } = attributesOf(root, ['id']);
  const members = childrenOf(root, [
    'template',
    'creator',
    'name',
    'description',
    'priority',
    'parameters',
    'items',
  ]);
  const { template, creator, name, description, priority, parameters, items } = members;
  if (template === undefined) throw wrongXml(`${root.location()} has no <template>, which names the work`);
  const body = omitUndefined({
    template: leafText(template),
    name: name && leafText(name),
    description: description && leafText(description),
    labels: creator && { creator: leafText(creator) },
    priority: priority && numberOf(leafText(priority), priority),
    parameters: parameters && entriesOf(parameters, 'parameter', typedValue),
    items: items && listOf(items, 'item').map(itemOf),
  });
  return { ...omitUndefined({ id }), body };
}

function itemOf(element: XmlElement): object {
  const { id } = attributesOf(element, ['id']);
  const { parts, indexData, properties } = childrenOf(element, ['parts', 'indexData', 'properties']);
  return omitUndefined({
    id,
    parts: parts && listOf(parts, 'part').map(partOf),
    indexData: indexData && entriesOf(indexData, 'field', typedValue),
    properties: properties && entriesOf(properties, 'property', typedValue),
  });
}

function partOf(element: XmlElement): object {
  const { type } = attributesOf(element, ['type']);
  const members = childrenOf(element, ['url', 'filename', 'mimeType', 'properties']);
  const { url, filename, mimeType, properties } = members;
  if (url === undefined)
    throw wrongXml(`${element.location()} has no <url>, which gives the location of the part`);
  return omitUndefined({
    url: leafText(url),
    filename: filename && leafText(filename),
    type,
    mimeType: mimeType && leafText(mimeType),
    properties: properties && entriesOf(properties, 'property', (one) => leafText(one, ['name'])),
  });
}

/** Returns values by name, from elements such as `<parameter name="…">value</parameter>`. */
function entriesOf(
  element: XmlElement,
  kind: string,
  readValue: (entry: XmlElement) => Value,
): Record<string, Value> {
  const entries = new Map<string, Value>();
  for (const entry of listOf(element, kind)) {
    const { name } = entry.attributes;
    if (name === undefined || name === '') throw wrongXml(`${entry.location()} has no attribute name`);
    if (entries.has(name)) throw wrongXml(`${entry.location()} has the name '${name}' of another ${kind}`);
    entries.set(name, readValue(entry));
  }
  return Object.fromEntries(entries);
}

const VALUE_TYPES = ['string', 'number', 'boolean', 'json'] as const;

function typedValue(element: XmlElement): Value {
  const text = leafText(element, ['name', 'type']);
  const { type = 'string' } = element.attributes;
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return numberOf(text, element);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw wrongXml(`${element.location()} is '${shorten(text)}'; a boolean must be true or false`);
    case 'json':
      return jsonOf(text, element);
    default:
      throw wrongXml(`${element.location()} has the type '${type}'; allowed are ${VALUE_TYPES.join(', ')}`);
  }
}

function numberOf(text: string, element: XmlElement): number {
  const value = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fault = Number.isNaN(value) ? undefined : numberFault(text);
  if (fault !== undefined) throw wrongXml(`${element.location()} is '${shorten(text)}', which ${fault}`);
  if (Number.isFinite(value)) return value;
  throw wrongXml(`${element.location()} is '${shorten(text)}'; a number such as 4 or 2.5 is expected`);
}

function jsonOf(text: string, element: XmlElement): Value {
  try {
    const value = JSON.parse(text) as Value;
    const fault = jsonFault(text);
    if (fault === undefined) return value;
    throw wrongXml(
      `${element.location()}: its JSON is not accepted: ${fault.pointer || 'it'} ${fault.detail}`,
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal('invalid-request', `the XML is not accepted: ${element.location()}: ${error.message}`, {
      cause: error,
    });
  }
}

/** Returns the text of an element. Throws if it has child elements. */
function leafText(element: XmlElement, attributes: readonly string[] = []): string {
  attributesOf(element, attributes);
  const [child] = element.children;
  if (child !== undefined) throw unknownElement(child, `<${element.name}> can contain only text`);
  return element.text;
}

/** Returns the child elements. Throws if one of them has another name. */
function listOf(element: XmlElement, name: string): readonly XmlElement[] {
  attributesOf(element, []);
  refuseText(element);
  const unexpectedChild = element.children.find((child) => child.name !== name);
  if (unexpectedChild !== undefined)
    throw unknownElement(unexpectedChild, `allowed in <${element.name}>: <${name}>`);
  return element.children;
}

/** Returns the child elements by name. Throws for an unknown or repeated name. */
function childrenOf<N extends string>(
  element: XmlElement,
  names: readonly N[],
): Partial<Record<N, XmlElement>> {
  refuseText(element);
  const childrenByName = new Map<string, XmlElement>();
  for (const child of element.children) {
    if (!(names as readonly string[]).includes(child.name)) {
      throw unknownElement(child, `allowed in <${element.name}>: <${names.join('>, <')}>`);
    }
    if (childrenByName.has(child.name)) throw wrongXml(`${child.location()} appears twice`);
    childrenByName.set(child.name, child);
  }
  return Object.fromEntries(childrenByName) as Partial<Record<N, XmlElement>>;
}

function attributesOf<N extends string>(
  { attributes, ...element }: XmlElement,
  names: readonly N[],
): Partial<Record<N, string>> {
  for (const name of Object.keys(attributes)) {
    if ((names as readonly string[]).includes(name) || IGNORED_ATTRIBUTE.test(name)) continue;
    const allowed = names.length === 0 ? 'none is allowed' : `allowed: ${names.join(', ')}`;
    throw wrongXml(`${element.location()} has the unknown attribute '${name}'; ${allowed}`);
  }
  return attributes as Partial<Record<N, string>>;
}

function refuseText(element: XmlElement): void {
  if (element.text === '') return;
  throw wrongXml(
    `${element.location()} has the text '${shorten(element.text)}'; it can contain only elements`,
  );
}

function unknownElement(element: XmlElement, allowed: string): Error {
  return wrongXml(`${element.location()} is not known here; ${allowed}`);
}

const MAX_SHOWN = 40;

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`.toWellFormed();
}
