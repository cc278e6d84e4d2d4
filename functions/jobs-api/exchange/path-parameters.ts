/**
 * Which route a path leads to, and the ids in it, decoded exactly once.
 *
 * A REST API hands over `path` and `pathParameters` percent-encoded as the caller sent them: AWS by captured events,
 * LocalStack by its source. MiniStack (and HTTP APIs) hand them over decoded, and their events have `version`
 * '1.0', which those of a REST API lack. Decoding there once more would turn the id `a%20b` into `a b`.
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
  /** One for each method of the path. */
  readonly routes: readonly Route[];
  /** As they came. */
  readonly encoded: Readonly<Record<string, string>>;
  readonly isDecoded: boolean;
}

const ROUTES_BY_PATH: ReadonlyMap<string, readonly Route[]> = Map.groupBy(ALL_ROUTES, ({ path }) => path);

export function matchPath(event: PathEvent): PathMatch | undefined {
  const isDecoded = event.version === '1.0';
  const routes = ROUTES_BY_PATH.get(event.resource);
  const encoded = routes === undefined ? undefined : parametersOf(event);
  if (routes !== undefined && encoded !== undefined) return { routes, encoded, isDecoded };
  // A catch-all resource, or a call that no gateway made: the path itself says it.
  return matchText(event.path ?? '', isDecoded) ?? matchText(behindBase(event), isDecoded);
}

function matchText(text: string, isDecoded: boolean): PathMatch | undefined {
  const segments = segmentsOf(text);
  for (const [path, routes] of ROUTES_BY_PATH) {
    const encoded = matchSegments(segmentsOf(path), segments);
    if (encoded !== undefined) return { routes, encoded, isDecoded };
  }
  return undefined;
}

/** The path of a custom domain may begin with a base path; the parameter of the resource `{route+}` does not. */
function behindBase({ pathParameters }: PathEvent): string {
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
    // Some clients encode the colon of jobs:cancel.
    else if (expected !== segment && expected !== decodeOnce(segment)) return undefined;
  }
  return parameters;
}

/** One id of the path; refuses what cannot be one. */
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

/** The path as a reference that can be shown: with the ids encoded once. */
export function shownPath(event: PathEvent): string {
  const path = (event.path ?? '').toWellFormed();
  return event.version === '1.0' ? path.split('/').map(encodeURIComponent).join('/') : path;
}
