import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod';
import { canonicalJson, sha256 } from '../functions/creation/canonical.ts';
import { projectFile } from './own-code.ts';

const HASH_LENGTH = 12;

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

/** What sets one kind of documents apart that come with a deployment. */
export interface DeployedKind<Body extends z.ZodType<object>> {
  /** What one is called in errors. */
  readonly noun: string;
  /**
   * Folder of the project: its files, in YAML or JSON, are those that ship, each named after its document. Those that use
   * the workers of documents lie in `documents` below it.
   */
  readonly folder: string;
  readonly body: Body;
  nameProblem(name: string): string | undefined;
  faults(body: z.output<Body>, name: string): readonly Fault[];
}

/** Those that ship and those of the app, by name; one that no job could use is refused when the app is synthesized. */
export function deployedDocuments<Body extends z.ZodType<object>>(
  kind: DeployedKind<Body>,
  own: Readonly<Record<string, z.input<Body>>>,
  { documents }: { documents: boolean },
) {
  const general = shippedDocuments(kind.folder);
  const ofDocuments = shippedDocuments(`${kind.folder}/documents`);
  const taken = Object.keys(own).find((name) => name in general || name in ofDocuments);
  if (taken !== undefined) {
    throw new Error(`${kind.noun} '${taken}' is one that jobtree brings; choose another name`);
  }
  return Object.entries({ ...general, ...(documents ? ofDocuments : {}), ...own })
    .map(([name, document]) => checked(kind, name, document))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function shippedDocuments(folder: string): Record<string, unknown> {
  const path = projectFile(folder);
  const files = readdirSync(path).filter((file) => ['.yaml', '.json'].includes(extname(file)));
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -extname(file).length),
      parse(readFileSync(join(path, file), 'utf8')),
    ]),
  );
}

function checked<Body extends z.ZodType<object>>(
  { noun, body, nameProblem, faults: faultsOf }: DeployedKind<Body>,
  name: string,
  document: unknown,
) {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new Error(`${noun} '${name}': ${problem}`);
  const parsed = body.safeParse(document);
  const faults = parsed.success
    ? faultsOf(parsed.data, name)
    : parsed.error.issues.map(({ path, message }) => ({ path, detail: message }));
  if (!parsed.success || faults.length > 0) {
    const told = faults.map(({ path, detail }) => `/${path.join('/')}: ${detail}`);
    throw new Error(`${noun} '${name}' is not valid: ${told.join('; ')}`);
  }
  const version = `deployed-${sha256(canonicalJson(parsed.data)).slice(0, HASH_LENGTH)}`;
  return { ...parsed.data, name, version };
}
