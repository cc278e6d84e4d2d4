/** Problems of a request that can be found before it is sent. The API checks everything again. */
import type { JobType, Splitter, Template, Worker } from 'jobtree/client';
import type { JsonObject as Request } from '../../forms/draft.ts';
import { below, type JsonSchema, type Problem, problemsOf } from '../../forms/json-schema.ts';
import { batchOf, textAt, workKindOf } from './work-kind.ts';

/** The deployed parts that a request can name. Lists that are not loaded yet are undefined. */
export interface Catalog {
  readonly splitters: readonly Splitter[] | undefined;
  readonly workers: readonly Worker[] | undefined;
  /** The template or job type that the request names. */
  readonly document: Template | JobType | undefined;
}

export function requestProblems(
  request: Request,
  schema: JsonSchema | undefined,
  catalog: Catalog,
): Problem[] {
  const ofBody = schema === undefined ? [] : problemsOf(withoutUnions(schema), request);
  return withoutRepeats([...formProblems(request), ...ofBody, ...workProblems(request, catalog)]);
}

const bodySchemas = new WeakMap<JsonSchema, JsonSchema>();

/** The forms of the work are checked here, because the problems of a union would not say what is wrong. */
function withoutUnions(schema: JsonSchema): JsonSchema {
  let body = bodySchemas.get(schema);
  if (body === undefined) {
    const { oneOf: _forms, dependentSchemas: _members, ...rest } = schema;
    body = rest;
    bodySchemas.set(schema, body);
  }
  return body;
}

const FORMS = ['batch', 'type', 'template', 'task'];

function formProblems(request: Request): Problem[] {
  const given = FORMS.filter((form) => form in request);
  if (given.length === 1) return [];
  const received = given.length === 0 ? 'none of them' : given.join(' and ');
  const detail = `give exactly one of ${FORMS.join(', ')}; got ${received}`;
  return [{ path: [], detail, isMissing: false }];
}

function workProblems(request: Request, catalog: Catalog): Problem[] {
  const kind = workKindOf(request);
  if (kind === 'batch') return batchProblems(request, catalog);
  if (kind === undefined || catalog.document === undefined) return [];
  const { parametersSchema } = catalog.document;
  if (parametersSchema !== undefined)
    return below(['parameters'], problemsOf(parametersSchema, request['parameters'] ?? {}));
  if (request['parameters'] === undefined) return [];
  return [
    { path: ['parameters'], detail: `must be absent: '${textAt(request, kind)}' has none`, isMissing: false },
  ];
}

function batchProblems(request: Request, { splitters, workers }: Catalog): Problem[] {
  const batch = batchOf(request);
  const splitter = splitters?.find(({ name }) => name === batch['splitter']);
  const worker = workers?.find(({ name }) => name === batch['worker']);
  return [
    ...nameProblems('splitter', textAt(batch, 'splitter'), splitters),
    ...nameProblems('worker', textAt(batch, 'worker'), workers),
    ...(splitter === undefined
      ? []
      : below(['batch', 'definition'], problemsOf(splitter.definition, batch['definition'] ?? {}))),
    ...(worker === undefined
      ? []
      : below(['batch', 'parameters'], problemsOf(worker.parameters, batch['parameters'] ?? {}))),
  ];
}

function nameProblems(
  kind: 'splitter' | 'worker',
  name: string,
  deployed: readonly { readonly name: string }[] | undefined,
): Problem[] {
  if (name === '' || deployed === undefined || deployed.some((one) => one.name === name)) return [];
  return [{ path: ['batch', kind], detail: `${kind} '${name}' is not deployed`, isMissing: false }];
}

/** The body requires a definition, and the schema of the splitter its members. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ path, isMissing }) =>
      !isMissing ||
      !problems.some(
        (other) => other.path.length > path.length && path.every((segment, at) => other.path[at] === segment),
      ),
  );
}
