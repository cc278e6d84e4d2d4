/** Path parameters: ids, described by the segment before them. */
import { type IdKind, idSchema } from './ids.ts';

interface PathParameter {
  /** Absent for an id that the service generated; any other value is not found. */
  readonly kind?: IdKind;
  readonly description: string;
}

const AFTER_SEGMENT: Readonly<Record<string, PathParameter>> = {
  partitions: { kind: 'partition', description: 'Partition id' },
  jobs: { kind: 'job', description: 'Job id' },
  'job-types': { kind: 'jobType', description: 'Name of a job type' },
  templates: { kind: 'template', description: 'Name of a template' },
  items: { description: 'Item id, percent-encoded' },
  uploads: { description: 'Upload id' },
  bulkOperations: { description: 'Bulk operation id' },
};

/** Returns the parameter of that name in the path of a route. */
export function pathParameter(path: string, name: string): PathParameter {
  const segments = path.split('/');
  const parameter = AFTER_SEGMENT[segments[segments.indexOf(`{${name}}`) - 1] ?? ''];
  if (parameter === undefined) throw new Error(`the parameter {${name}} of ${path} is not described`);
  return parameter;
}

/** Returns the JSON Schema of a decoded path parameter. */
export function pathParameterSchema({ kind }: PathParameter) {
  return kind === undefined ? ({ type: 'string', minLength: 1 } as const) : idSchema(kind);
}
