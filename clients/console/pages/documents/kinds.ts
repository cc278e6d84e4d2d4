/** Templates and job types: named documents with versions. Both have the same pages. */
import type {
  JobType,
  JobTypeRequest,
  JobTypeSummary,
  Jobtree,
  Template,
  TemplateRequest,
  TemplateSummary,
} from 'jobtree/client';
import { isObject, type JsonSchema } from '../../forms/json-schema.ts';
import { withoutDefaults } from '../../forms/without-defaults.ts';

export type DocumentView = Template | JobType;
export type DocumentSummary = TemplateSummary | JobTypeSummary;
export type Scope = DocumentView['scope'];

/** The calls of one kind of documents in one scope. */
export interface Collection {
  list(options: { signal?: AbortSignal }): Promise<DocumentSummary[]>;
  getChanged(
    name: string,
    etag: undefined,
    options: { signal?: AbortSignal },
  ): Promise<{ value: DocumentView; etag?: string | undefined } | undefined>;
  put(name: string, document: JsonSchema, options: { ifMatch?: string | undefined }): Promise<DocumentView>;
  delete(name: string, options: { ifMatch?: string | undefined }): Promise<void>;
  versions(name: string): { toArray(): Promise<DocumentView[]> };
}

export interface DocumentKind {
  /** Segment of the address, and first member of the keys of queries. */
  readonly path: 'templates' | 'job-types';
  readonly noun: string;
  readonly title: string;
  /** Name of the schema of its body in the OpenAPI document. */
  readonly schemaName: string;
  /** Query of the page that creates a job from it. */
  readonly jobQuery: 'template' | 'type';
  readonly docs: string;
  readonly lead: string;
  /** A document to start from. */
  readonly example: JsonSchema;
  collection(api: Jobtree, scope: Scope): Collection;
}

export const TEMPLATES: DocumentKind = {
  path: 'templates',
  noun: 'template',
  title: 'Templates',
  schemaName: 'TemplateRequest',
  jobQuery: 'template',
  docs: 'reference/templates',
  lead: 'A template has steps, each of which runs a worker over all items, and a flow that selects the next step.',
  example: {
    description: '',
    steps: [
      { name: 'first', worker: 'rehearse' },
      { name: 'second', worker: 'rehearse' },
    ],
    flow: [{ from: 'first', on: 'COMPLETED', to: 'second' }],
  } satisfies TemplateRequest,
  collection: (api, scope) =>
    (scope === 'partition' ? api.templates : api.globalTemplates) as unknown as Collection,
};

export const JOB_TYPES: DocumentKind = {
  path: 'job-types',
  noun: 'job type',
  title: 'Job types',
  schemaName: 'JobTypeRequest',
  jobQuery: 'type',
  docs: 'reference/http-api#job-types',
  lead: 'A job type is a named kind of work: a schema for parameters, and a mapping from them to the work of a job.',
  example: {
    description: '',
    parametersSchema: {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 1, description: 'Number of items.' } },
      required: ['count'],
      additionalProperties: false,
    },
    mapping:
      '{\n  "batch": {\n    "splitter": "range",\n    "definition": {"from": 0, "to": parameters.count},\n    "worker": "rehearse"\n  }\n}',
  } satisfies JobTypeRequest,
  collection: (api, scope) =>
    (scope === 'partition' ? api.jobTypes : api.globalJobTypes) as unknown as Collection,
};

const ADDED_MEMBERS: readonly string[] = ['name', 'version', 'scope', 'deployed', 'createTime', 'createdBy'];

/** Returns the body that puts a document as it is, without defaults of the schema of the body. */
export function bodyOf(document: DocumentView, schema: JsonSchema | undefined): JsonSchema {
  const body = Object.fromEntries(Object.entries(document).filter(([name]) => !ADDED_MEMBERS.includes(name)));
  return withoutDefaults(body, schema) as JsonSchema;
}

export function isTemplate(document: JsonSchema | DocumentView): boolean {
  return Array.isArray((document as { steps?: unknown }).steps);
}

/** Returns the steps and edges of a document that may be invalid, as far as a drawing can show them. */
export function drawable(document: JsonSchema): Pick<Template, 'steps' | 'flow'> | undefined {
  const { steps, flow } = document;
  const isStep = (step: unknown) =>
    isObject(step) && typeof step['name'] === 'string' && typeof step['worker'] === 'string';
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) return undefined;
  const names = new Set(steps.map(({ name }) => name));
  if (names.size !== steps.length) return undefined;
  if (flow === undefined) return { steps };
  if (!Array.isArray(flow)) return undefined;
  const edges = flow.filter(
    (edge) =>
      isObject(edge) &&
      typeof edge['on'] === 'string' &&
      names.has(String(edge['from'])) &&
      [edge['to']].flat().every((to) => names.has(String(to))),
  );
  return { steps, flow: edges };
}
