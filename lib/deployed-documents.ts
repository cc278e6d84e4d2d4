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
  appDocuments: Readonly<Record<string, z.input<Body>>>,
  { documents }: { documents: boolean },
) {
  const alwaysShipped = shippedDocuments(kind.folder);
  const forDocumentWorkers = shippedDocuments(`${kind.folder}/documents`);
  const takenName = Object.keys(appDocuments).find(
    (name) => name in alwaysShipped || name in forDocumentWorkers,
  );
  if (takenName !== undefined) {
    throw new Error(`${kind.noun} '${takenName}' is included in jobtree; choose another name`);
  }
  return Object.entries({ ...alwaysShipped, ...(documents ? forDocumentWorkers : {}), ...appDocuments })
    .map(([name, document]) => checkDocument(kind, name, document))
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

function checkDocument<Body extends z.ZodType<object>>(
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
    const messages = faults.map(({ path, detail }) => `/${path.join('/')}: ${detail}`);
    throw new Error(`${noun} '${name}' is not valid: ${messages.join('; ')}`);
  }
  const version = `deployed-${sha256(canonicalJson(parsed.data)).slice(0, HASH_LENGTH)}`;
  return { ...parsed.data, name, version };
}
