/** Checks responses of the API against the OpenAPI document alone, which tests the document as well. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import openApi from '../../docs/openapi.json' with { type: 'json' };

type Json = Readonly<Record<string, unknown>>;

export interface ApiResponse {
  readonly method: string;
  /** Below the base address, without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface DocumentedHeader {
  readonly required: boolean;
  readonly schema: Json;
}

interface DocumentedContent {
  readonly schema: Json;
  readonly 'x-line-schema'?: Json;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, DocumentedContent>>;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, DocumentedResponse | { readonly $ref: string }>>;
}

const PATHS: readonly (readonly [string, ReadonlyMap<string, DocumentedOperation>])[] = Object.entries(
  openApi.paths,
).map(([path, methods]) => [path, new Map<string, DocumentedOperation>(Object.entries(methods))]);

const MAX_FAULTS = 5;
const MAX_SHOWN_CHARACTERS = 1_000;

/** Formats are not validated: they only inform readers, and patterns define the valid values. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const validators = new WeakMap<Json, ValidateFunction>();

/** Throws an error that lists everything in the response that the document does not allow. */
export function checkResponse(response: ApiResponse): void {
  const operation = operationOf(response);
  const faults =
    operation === undefined
      ? undescribedFaults(response)
      : responseFaults(operation, response, headersOf(response));
  if (faults.length === 0) return;
  const { method, path, status, text } = response;
  const name = operation === undefined ? 'no operation' : operation.operationId;
  throw new Error(
    [
      `${method} ${path} (${name}) answered ${status} against docs/openapi.json:`,
      ...faults.slice(0, MAX_FAULTS).map((fault) => `- ${fault}`),
      `body: ${text.slice(0, MAX_SHOWN_CHARACTERS)}`,
    ].join('\n'),
  );
}

function operationOf({ method, path }: ApiResponse): DocumentedOperation | undefined {
  const segments = segmentsOf(path);
  const [, methods] = PATHS.find(([template]) => matches(segmentsOf(template), segments)) ?? [];
  return methods?.get(method.toLowerCase());
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((expected, position) => {
    const segment = segments[position] ?? '';
    return /^\{\w+\}$/.test(expected) || expected === segment || encodeURIComponent(expected) === segment;
  });
}

/** Allows only problems for an unknown path or method, because no document can list those. */
function undescribedFaults({ status, text }: ApiResponse): string[] {
  if (![400, 401, 404, 405].includes(status))
    return ['the document does not describe this operation, so the response must be an error'];
  return bodyFaults({ $ref: '#/components/schemas/Problem' }, text);
}

function responseFaults(
  { responses }: DocumentedOperation,
  { status, text }: ApiResponse,
  headers: ReadonlyMap<string, string>,
): string[] {
  const documentedResponse = responses[status];
  if (documentedResponse === undefined) {
    return [`status ${status} is not declared; declared are ${Object.keys(responses).join(', ')}`];
  }
  const { headers: documentedHeaders = {}, content } =
    resolveReference<DocumentedResponse>(documentedResponse);
  const faults = Object.entries(documentedHeaders).flatMap(([name, reference]) =>
    headerFaults(name, resolveReference<DocumentedHeader>(reference), headers.get(name.toLowerCase())),
  );
  return [...faults, ...contentFaults(content, headers.get('content-type'), text)];
}

function headerFaults(name: string, { required, schema }: DocumentedHeader, value: string | undefined) {
  if (value === undefined) return required ? [`header ${name} is missing`] : [];
  return schemaFaults(schema, value, `header ${name}, '${value}',`);
}

function contentFaults(
  content: DocumentedResponse['content'],
  contentType: string | undefined,
  text: string,
): string[] {
  if (content === undefined) return text === '' ? [] : ['a body is not declared'];
  const type = contentType?.split(';')[0]?.trim() ?? 'none';
  const documentedContent = content[type];
  if (documentedContent === undefined) {
    return [`content type ${type} is not declared; declared are ${Object.keys(content).join(', ')}`];
  }
  const { schema, 'x-line-schema': lineSchema } = documentedContent;
  if (lineSchema === undefined) return bodyFaults(schema, text);
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => bodyFaults(lineSchema, line));
}

function bodyFaults(schema: Json, text: string): string[] {
  try {
    return schemaFaults(schema, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return [`the body is not JSON: ${error.message}`];
    throw error;
  }
}

function schemaFaults(schema: Json, value: unknown, location = 'the body'): string[] {
  // References begin at the root of the document, and so does this schema.
  const check = validators.get(schema) ?? ajv.compile({ ...schema, components: openApi.components });
  validators.set(schema, check);
  return check(value) ? [] : (check.errors ?? []).map((error) => faultOf(error, location));
}

function faultOf({ instancePath, message = 'is not valid', params }: ErrorObject, location: string): string {
  const memberName = params['additionalProperty'] ?? params['unevaluatedProperty'];
  const more = memberName ?? params['allowedValues'] ?? params['allowedValue'];
  return `${instancePath || location} ${message}${more === undefined ? '' : `: ${JSON.stringify(more)}`}`;
}

function resolveReference<T>(value: T | { readonly $ref: string }): T {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as T;
  const steps = value.$ref.split('/').slice(1);
  return steps.reduce<unknown>((node, step) => (node as Json)[step], openApi) as T;
}

function headersOf({ headers }: ApiResponse): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
