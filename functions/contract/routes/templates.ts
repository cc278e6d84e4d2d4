/** Templates and their versions: global ones, and those of a partition. */
import * as z from 'zod';
import { pageQuery } from '../queries.ts';
import type { Route } from '../route.ts';
import { templateBody, templateSchema, templateSummarySchema } from '../template.ts';
import { CONDITIONAL_DELETE, conditionalGet, conditionalPut } from './conditional.ts';

const TEMPLATE = '/templates/{name}';
const OWN_TEMPLATE = `/partitions/{p}${TEMPLATE}` as const;

export const TEMPLATE_ROUTES = [
  {
    operation: 'listTemplates',
    method: 'GET',
    path: '/templates',
    role: 'viewer',
    summary: 'List the global templates, those of the deployment included',
    success: 200,
    response: z.array(templateSummarySchema),
  },
  {
    operation: 'getTemplate',
    method: 'GET',
    path: TEMPLATE,
    role: 'viewer',
    summary: 'Get a global template',
    ...conditionalGet(templateSchema),
  },
  {
    operation: 'putTemplate',
    method: 'PUT',
    path: TEMPLATE,
    role: 'admin',
    forAllPartitions: true,
    summary:
      'Create or update a global template. An update creates a new version; an identical body changes nothing',
    ...conditionalPut(templateBody, templateSchema),
  },
  {
    operation: 'deleteTemplate',
    method: 'DELETE',
    path: TEMPLATE,
    role: 'admin',
    forAllPartitions: true,
    summary: 'Delete a global template. Jobs that use it continue',
    ...CONDITIONAL_DELETE,
  },
  {
    operation: 'listTemplateVersions',
    method: 'GET',
    path: `${TEMPLATE}/versions`,
    role: 'viewer',
    summary: 'List the versions of a global template, newest first',
    success: 200,
    query: pageQuery,
    response: z.array(templateSchema),
    headers: ['Link'],
  },
  {
    operation: 'listPartitionTemplates',
    method: 'GET',
    path: '/partitions/{p}/templates',
    role: 'viewer',
    summary:
      'List the templates available to jobs of the partition: its own, and global ones that it does not override',
    success: 200,
    response: z.array(templateSummarySchema),
  },
  {
    operation: 'getPartitionTemplate',
    method: 'GET',
    path: OWN_TEMPLATE,
    role: 'viewer',
    summary: "Get the template that jobs of the partition use: the partition's own, or else the global one",
    ...conditionalGet(templateSchema),
  },
  {
    operation: 'putPartitionTemplate',
    method: 'PUT',
    path: OWN_TEMPLATE,
    role: 'admin',
    summary:
      'Create or update a template of the partition. An update creates a new version; an identical body changes nothing',
    ...conditionalPut(templateBody, templateSchema),
  },
  {
    operation: 'deletePartitionTemplate',
    method: 'DELETE',
    path: OWN_TEMPLATE,
    role: 'admin',
    summary:
      'Delete a template of the partition, so that a global one of that name applies. Jobs that use it continue',
    ...CONDITIONAL_DELETE,
  },
  {
    operation: 'listPartitionTemplateVersions',
    method: 'GET',
    path: `${OWN_TEMPLATE}/versions`,
    role: 'viewer',
    summary:
      "List the versions of the partition's own template, newest first, or of the global one if it never had its own",
    success: 200,
    query: pageQuery,
    response: z.array(templateSchema),
    headers: ['Link'],
  },
] as const satisfies readonly Route[];
