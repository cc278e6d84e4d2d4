/** Problems of a template or job type that can be found before it is saved. The API checks everything again. */
import type { Splitter, Worker } from 'jobtree/client';
import type { Catalog } from '#core/template/step-faults.ts';
import type { Template } from '#core/template/template.ts';
import { templateFaults } from '#core/template/template-faults.ts';
import { isObject, type JsonSchema, type Problem, problemsOf } from '../../forms/json-schema.ts';

export interface Deployed {
  readonly splitters: readonly Splitter[] | undefined;
  readonly workers: readonly Worker[] | undefined;
}

export function documentProblems(
  document: JsonSchema,
  schema: JsonSchema | undefined,
  deployed: Deployed,
): Problem[] {
  if (schema === undefined) return [];
  const problems = problemsOf(schema, document);
  // The rules of a flow need a document of the right form.
  return problems.length > 0 || !Array.isArray(document['steps'])
    ? problems
    : flowProblems(document, deployed);
}

/** Applies the rules of the API, which are code without dependencies. */
function flowProblems(document: JsonSchema, deployed: Deployed): Problem[] {
  const { splitters, workers } = deployed;
  if (splitters === undefined || workers === undefined) return [];
  return templateFaults(withDefaults(document), catalogOf(splitters, workers)).map(({ path, detail }) => ({
    path,
    detail,
    isMissing: false,
  }));
}

const STEP_DEFAULTS = { inputMimeTypes: [], parameters: {} };

function withDefaults(document: JsonSchema): Template {
  const steps = document['steps'] as readonly object[];
  return { ...document, steps: steps.map((step) => ({ ...STEP_DEFAULTS, ...step })) } as unknown as Template;
}

function catalogOf(splitters: readonly Splitter[], workers: readonly Worker[]): Catalog {
  const schemas = {
    worker: new Map(workers.map(({ name, parameters }) => [name, parameters])),
    splitter: new Map(splitters.map(({ name, definition }) => [name, definition])),
  };
  return {
    workers: [...schemas.worker.keys()],
    splitters: [...schemas.splitter.keys()],
    check: (kind, name, value) => {
      const schema = schemas[kind].get(name);
      return isObject(schema) ? problemsOf(schema, value) : [];
    },
  };
}
