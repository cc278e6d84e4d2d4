/** Faults in the individual steps of a template. */
import { notDeployedMessage } from '#core/not-deployed.ts';
import { referenceFault, referencesIn } from './references.ts';
import { STEP_RESULTS_SPLITTER, type Template, type TemplateFault, type TemplateStep } from './template.ts';

/**
 * The deployed workers and splitters, against which the names and literal values of a template are checked.
 */
export interface Catalog {
  readonly workers: readonly string[];
  readonly splitters: readonly string[];
  /**
   * Returns the faults that the schema of a worker's parameters, or of a splitter's definition, finds in a
   * value.
   */
  readonly check: (kind: 'worker' | 'splitter', name: string, value: unknown) => readonly TemplateFault[];
}

export function stepFaults(template: Template, catalog: Catalog): TemplateFault[] {
  return template.steps.flatMap((step, at) => {
    const faults = [
      ...nameFaults(step, template.steps.slice(0, at)),
      ...deployedFaults(step, catalog),
      ...(at === 0 ? beginFaults(step) : []),
      ...valueFaults(step, template, catalog),
    ];
    return faults.map(({ path, detail }) => ({ path: ['steps', String(at), ...path], detail }));
  });
}

function nameFaults({ name }: TemplateStep, before: readonly TemplateStep[]): TemplateFault[] {
  const first = before.findIndex((other) => other.name === name);
  return first === -1
    ? []
    : [{ path: ['name'], detail: `'${name}' is already the name of step ${first}; use unique names` }];
}

function deployedFaults({ worker, splitter, definition }: TemplateStep, catalog: Catalog): TemplateFault[] {
  const faults: TemplateFault[] = [];
  if (!catalog.workers.includes(worker)) {
    faults.push({ path: ['worker'], detail: notDeployedMessage('worker', worker, catalog.workers) });
  }
  if (splitter === undefined) {
    if (definition !== undefined) {
      faults.push({
        path: ['definition'],
        detail: 'is allowed only with a splitter; add one, or remove the definition',
      });
    }
  } else if (!catalog.splitters.includes(splitter)) {
    faults.push({ path: ['splitter'], detail: notDeployedMessage('splitter', splitter, catalog.splitters) });
  } else if (definition === undefined) {
    faults.push({ path: ['definition'], detail: `is missing; splitter '${splitter}' requires it` });
  }
  return faults;
}

function beginFaults({ splitter }: TemplateStep): TemplateFault[] {
  if (splitter !== STEP_RESULTS_SPLITTER) return [];
  const detail = `'${STEP_RESULTS_SPLITTER}' takes the outcomes of the previous step, but this step is the first one; for the results of another job, use 'job-results'`;
  return [{ path: ['splitter'], detail }];
}

/**
 * Checks parameters and definition for references without a value and for literals that the schema rejects.
 */
function valueFaults(step: TemplateStep, { parametersSchema }: Template, catalog: Catalog): TemplateFault[] {
  const { worker, splitter, parameters, definition } = step;
  const values = [
    { kind: 'worker', name: worker, names: catalog.workers, member: 'parameters', value: parameters },
    ...(splitter === undefined || definition === undefined
      ? []
      : [
          {
            kind: 'splitter',
            name: splitter,
            names: catalog.splitters,
            member: 'definition',
            value: definition,
          } as const,
        ]),
  ] as const;
  return values.flatMap(({ kind, name, names, member, value }) => {
    const references = referencesIn(value);
    const referenceFaults = references.flatMap((reference) => {
      const detail = referenceFault(reference, parametersSchema);
      return detail === undefined ? [] : [{ path: reference.path, detail }];
    });
    const schemaFaults = names.includes(name) ? catalog.check(kind, name, value) : [];
    // The value of a reference is checked when a job is created.
    const literalFaults = schemaFaults.filter(
      ({ path }) => !references.some((other) => overlaps(path, other.path)),
    );
    return [...referenceFaults, ...literalFaults].map(({ path, detail }) => ({
      path: [member, ...path],
      detail,
    }));
  });
}

/** True if one path contains the other. */
function overlaps(one: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((name, at) => name === other[at]);
}
