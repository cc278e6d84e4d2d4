/** The parameters of paths: the ids they hold, by the segment before them. */
import { type IdKind, idSchema } from './ids.ts';

interface PathParameter {
  /** Absent: an id that the service made; any other leads nowhere. */
  readonly kind?: IdKind;
  readonly description: string;
}

const AFTER_SEGMENT: Readonly<Record<string, PathParameter>> = {
  partitions: { kind: 'partition', description: 'Partition id' },
  jobs: { kind: 'job', description: 'Job id' },
  'job-types': { kind: 'jobType', description: 'Name of a job type' },
  templates: { kind: 'template', description: 'Name of a template' },
  bulkOperations: { description: 'Bulk operation id' },
};

/** The parameter of that name in the path of a route. */
export function pathParameter(path: string, name: string): PathParameter {
  const segments = path.split('/');
  const parameter = AFTER_SEGMENT[segments[segments.indexOf(`{${name}}`) - 1] ?? ''];
  if (parameter === undefined) throw new Error(`the parameter {${name}} of ${path} is not described`);
  return parameter;
}

/** JSON Schema of a path parameter once it is decoded. */
export function pathParameterSchema({ kind }: PathParameter) {
  return kind === undefined ? ({ type: 'string', minLength: 1 } as const) : idSchema(kind);
}
