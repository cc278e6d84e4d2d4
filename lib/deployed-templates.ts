import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod';
import { type TemplateVersion, templateBody, templateNameProblem } from '#contract/template.ts';
import type { Catalog } from '#core/template/step-faults.ts';
import { templateFaults } from '#core/template/template-faults.ts';
import { canonicalJson, sha256 } from '../functions/jobs-api/canonical.ts';
import { compileSchema, schemaFaults } from '../functions/jobs-api/json-schema.ts';
import { projectFile } from './bundle.ts';
import type { Registry } from './registry.ts';

/** A template as PUT `/templates/{name}` takes it. */
export type TemplateProps = z.input<typeof templateBody>;

const FOLDER = projectFile('lib/templates');
const HASH_LENGTH = 12;

/** The templates of the folder `lib/templates`, each a file that is named after it. */
function shippedTemplates(): Record<string, TemplateProps> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    files.map((file) => [basename(file, '.yaml'), parse(readFileSync(join(FOLDER, file), 'utf8'))]),
  );
}

/** Those that ship and those of the app; one that cannot run is refused when the app is synthesized. */
export function deployedTemplates(
  own: Readonly<Record<string, TemplateProps>>,
  registry: Pick<Registry, 'workers' | 'splitters'>,
): TemplateVersion[] {
  const shipped = shippedTemplates();
  const taken = Object.keys(own).find((name) => name in shipped);
  if (taken !== undefined) {
    throw new Error(`template '${taken}' is one that jobtree brings; choose another name`);
  }
  const catalog = catalogOf(registry);
  return Object.entries({ ...shipped, ...own })
    .map(([name, props]) => checked(name, props, catalog))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function checked(name: string, props: TemplateProps, catalog: Catalog): TemplateVersion {
  const problem = templateNameProblem(name);
  if (problem !== undefined) throw new Error(`template '${name}': ${problem}`);
  const parsed = templateBody.safeParse(props);
  const faults = parsed.success
    ? [...schemaPlaces(parsed.data.parametersSchema), ...templateFaults(parsed.data, catalog)]
    : parsed.error.issues.map(({ path, message }) => ({ path, detail: message }));
  if (!parsed.success || faults.length > 0) {
    const told = faults.map(({ path, detail }) => `/${path.join('/')}: ${detail}`);
    throw new Error(`template '${name}' is not valid: ${told.join('; ')}`);
  }
  const version = `deployed-${sha256(canonicalJson(parsed.data)).slice(0, HASH_LENGTH)}`;
  return { ...parsed.data, name, version };
}

function schemaPlaces(schema: TemplateVersion['parametersSchema']) {
  const faults = schema === undefined ? [] : schemaFaults(schema);
  return faults.map(({ path, detail }) => ({ path: ['parametersSchema', ...path], detail }));
}

function catalogOf({ workers, splitters }: Pick<Registry, 'workers' | 'splitters'>): Catalog {
  const schemas = {
    worker: new Map(workers.map(({ name, parameters }) => [name, parameters])),
    splitter: new Map(splitters.map(({ name, definition }) => [name, definition])),
  };
  return {
    workers: [...schemas.worker.keys()],
    splitters: [...schemas.splitter.keys()],
    check: (kind, name, value) => compileSchema(schemas[kind].get(name) ?? {})(value),
  };
}
