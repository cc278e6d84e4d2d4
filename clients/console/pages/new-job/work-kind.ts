import type { JsonObject as Request } from '../../forms/draft.ts';
import { isObject } from '../../forms/json-schema.ts';

export const WORK_KINDS = ['batch', 'template', 'type'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** All members that describe the work. */
const WORK_MEMBERS = ['batch', 'template', 'type', 'task', 'parameters', 'items'] as const;

/** Returns the form in which a request describes its work; undefined for none, for several and for tasks. */
export function workKindOf(request: Request): WorkKind | undefined {
  const given = WORK_KINDS.filter((kind) => kind in request);
  return given.length === 1 && !('task' in request) ? given[0] : undefined;
}

/** Returns the members of a request that describe its work. */
export function workOf(request: Request): Request {
  return Object.fromEntries(WORK_MEMBERS.flatMap((name) => (name in request ? [[name, request[name]]] : [])));
}

export function withWork(request: Request, work: Request): Request {
  const others = Object.entries(request).filter(
    ([name]) => !(WORK_MEMBERS as readonly string[]).includes(name),
  );
  return { ...work, ...Object.fromEntries(others) };
}

export function emptyWork(kind: WorkKind): Request {
  return kind === 'batch' ? { batch: {} } : { [kind]: '' };
}

/** Returns the request that an address asks for: `?template=…`, `?type=…` or `?splitter=…&worker=…`. */
export function requestOfQuery(query: URLSearchParams): Request {
  const [template, type] = [query.get('template'), query.get('type')];
  if (template !== null) return { template };
  if (type !== null) return { type };
  const [splitter, worker] = [query.get('splitter') ?? 'lines', query.get('worker')];
  return { batch: { splitter, ...(worker === null ? {} : { worker }) } };
}

export function batchOf({ batch }: Request): Request {
  return isObject(batch) ? batch : {};
}

export function textAt(request: Request, name: string): string {
  const value = request[name];
  return typeof value === 'string' ? value : '';
}
