import type * as z from 'zod';
import {
  type TemplateBody,
  type TemplateVersion,
  templateBody,
  templateNameProblem,
} from '#contract/template.ts';
import type { Catalog } from '#core/template/step-faults.ts';
import { templateFaults } from '#core/template/template-faults.ts';
import { compileSchema, schemaFaults } from '../functions/creation/json-schema.ts';
import { deployedDocuments } from './deployed-documents.ts';
import type { Registry } from './registry.ts';

/** A template, in the form of the body of PUT `/templates/{name}`. */
export type TemplateProps = z.input<typeof templateBody>;

/** Returns the shipped templates and those of the app, by name. Throws if one needs a worker or splitter that is not deployed. */
export function deployedTemplates(
  appTemplates: Readonly<Record<string, TemplateProps>>,
  registry: Pick<Registry, 'workers' | 'splitters'>,
  options: { documents: boolean },
): TemplateVersion[] {
  const catalog = catalogOf(registry);
  const kind = {
    noun: 'template',
    folder: 'lib/templates',
    body: templateBody,
    nameProblem: templateNameProblem,
    faults: (template: TemplateBody, name: string) => [
      ...nameFaults(template, name),
      ...schemaFaultsOf(template.parametersSchema),
      ...templateFaults(template, catalog),
    ],
  };
  return deployedDocuments(kind, appTemplates, options);
}

function nameFaults({ name: statedName }: TemplateBody, name: string) {
  return statedName === undefined || statedName === name
    ? []
    : [
        {
          path: ['name'],
          detail: `is '${statedName}', but the template is registered as '${name}'; remove the name`,
        },
      ];
}

function schemaFaultsOf(schema: TemplateBody['parametersSchema']) {
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
