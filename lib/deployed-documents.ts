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

/** One kind of documents that are deployed with the service. */
export interface DeployedKind<Body extends z.ZodType<object>> {
  /** Name of the kind in error messages. */
  readonly noun: string;
  /**
   * Project folder with the shipped documents in YAML or JSON, each in a file of its name. Documents that use
   * document workers are in the subfolder `documents`.
   */
  readonly folder: string;
  readonly body: Body;
  nameProblem(name: string): string | undefined;
  faults(body: z.output<Body>, name: string): readonly Fault[];
}

/**
 * Returns the shipped documents and those of the app, by name. Throws at synth if no job could use one of
 * them.
 */
export function deployedDocuments<Body extends z.ZodType<object>>(
  kind: DeployedKind<Body>,
  own: Readonly<Record<string, z.input<Body>>>,
  { documents }: { documents: boolean },
) {
  const general = shippedDocuments(kind.folder);
  const ofDocuments = shippedDocuments(`${kind.folder}/documents`);
  const taken = Object.keys(own).find((name) => name in general || name in ofDocuments);
  if (taken !== undefined) {
    throw new Error(`${kind.noun} '${taken}' is included in jobtree; choose another name`);
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
