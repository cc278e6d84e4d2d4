/**
 * Finds the route of a path and decodes the ids in it exactly once.
 *
 * A REST API passes `path` and `pathParameters` percent-encoded as the caller sent them (AWS: verified by captured
 * events; LocalStack: by its source). MiniStack and HTTP APIs pass them decoded. Their events have `version` '1.0', which
 * events of a REST API lack. Decoding those again would turn the id `a%20b` into `a b`.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { idProblem } from '#contract/ids.ts';
import { pathParameter } from '#contract/path-parameters.ts';
import { refusal } from '#contract/problem.ts';
import { pathParameterNames, type Route } from '#contract/route.ts';

export type PathEvent = Pick<APIGatewayProxyEvent, 'path' | 'pathParameters' | 'resource'> & {
  readonly version?: unknown;
};

export interface PathMatch {
  /** The routes of the path, one per method. */
  readonly routes: readonly Route[];
  /** Path parameters as received. */
  readonly encoded: Readonly<Record<string, string>>;
  readonly isDecoded: boolean;
}

const ROUTES_BY_PATH: ReadonlyMap<string, readonly Route[]> = Map.groupBy(ALL_ROUTES, ({ path }) => path);

export function matchPath(event: PathEvent): PathMatch | undefined {
  const isDecoded = event.version === '1.0';
  const routes = ROUTES_BY_PATH.get(event.resource);
  const encoded = routes === undefined ? undefined : parametersOf(event);
  if (routes !== undefined && encoded !== undefined) return { routes, encoded, isDecoded };
  // For a catch-all resource or a direct call, match the path itself.
  return matchText(event.path ?? '', isDecoded) ?? matchText(pathWithoutBase(event), isDecoded);
}

function matchText(text: string, isDecoded: boolean): PathMatch | undefined {
  const segments = segmentsOf(text);
  for (const [path, routes] of ROUTES_BY_PATH) {
    const pattern = segmentsOf(path);
    const encoded = matchSegments(pattern, isDecoded ? withWholeItemId(pattern, segments) : segments);
    if (encoded !== undefined) return { routes, encoded, isDecoded };
  }
  return undefined;
}

/** Joins the segments of an item id, which can contain a slash. Only a gateway that decodes the path splits the id. */
function withWholeItemId(pattern: readonly string[], segments: readonly string[]): readonly string[] {
  const at = pattern.indexOf('{i}');
  return at === -1 || at + 1 < pattern.length
    ? segments
    : [...segments.slice(0, at), segments.slice(at).join('/')];
}

/** Returns the path without the base path of a custom domain, from the parameter of the resource `{route+}`. */
function pathWithoutBase({ pathParameters }: PathEvent): string {
  return `/${pathParameters?.['route'] ?? ''}`;
}

function parametersOf({ resource, pathParameters }: PathEvent): Record<string, string> | undefined {
  const entries = pathParameterNames(resource).map((name) => [name, pathParameters?.[name]] as const);
  if (entries.some(([, value]) => typeof value !== 'string')) return undefined;
  return Object.fromEntries(entries.map(([name, value = '']) => [name, value]));
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [position, expected] of pattern.entries()) {
    const [name] = pathParameterNames(expected);
    const segment = segments[position] ?? '';
    if (name !== undefined) parameters[name] = segment;
    // Some clients percent-encode the colon of jobs:cancel.
    else if (expected !== segment && expected !== decodeOnce(segment)) return undefined;
  }
  return parameters;
}

/** Returns an id of the path. Refuses values that are not valid ids. */
export function decodeParameter({ routes, encoded, isDecoded }: PathMatch, name: string): string {
  const value = encoded[name] ?? '';
  const id = isDecoded ? value : decodeOnce(value);
  const { kind } = pathParameter(routes[0]?.path ?? '', name);
  const notEncoded = `'${value.slice(0, 200).toWellFormed()}' in the path is not percent-encoded UTF-8`;
  const problem = id === undefined ? notEncoded : kind && idProblem(kind, id);
  if (id !== undefined && problem === undefined) return id;
  const detail = problem ?? notEncoded;
  throw refusal('invalid-request', detail, { errors: [{ parameter: name, detail }] });
}

function decodeOnce(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Returns the path for messages, with its ids percent-encoded once. */
export function shownPath(event: PathEvent): string {
  const path = (event.path ?? '').toWellFormed();
  return event.version === '1.0' ? path.split('/').map(encodeURIComponent).join('/') : path;
}
