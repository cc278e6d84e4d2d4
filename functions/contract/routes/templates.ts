/** Templates and their versions. */
import * as z from 'zod';
import { pageQuery } from '../queries.ts';
import type { Route } from '../route.ts';
import { templateBody, templateSchema, templateSummarySchema } from '../template.ts';

const TEMPLATE = '/templates/{t}';

export const TEMPLATE_ROUTES = [
  {
    operation: 'listTemplates',
    method: 'GET',
    path: '/templates',
    role: 'viewer',
    summary: 'List the templates, those that were deployed and those that were put',
    success: 200,
    response: z.array(templateSummarySchema),
  },
  {
    operation: 'getTemplate',
    method: 'GET',
    path: TEMPLATE,
    role: 'viewer',
    summary: 'Read a template',
    success: 200,
    requestHeaders: ['If-None-Match'],
    response: templateSchema,
    headers: ['ETag'],
    also: { 304: { when: 'If-None-Match names the version', headers: ['ETag'] } },
  },
  {
    operation: 'putTemplate',
    method: 'PUT',
    path: TEMPLATE,
    role: 'admin',
    summary:
      'Create a template (201) or change it, which makes a new version; the same again changes nothing',
    success: 200,
    requestHeaders: ['If-Match'],
    body: templateBody,
    response: templateSchema,
    headers: ['ETag'],
    also: { 201: { when: 'Created', response: templateSchema, headers: ['ETag', 'Location'] } },
    problems: [409, 412],
  },
  {
    operation: 'deleteTemplate',
    method: 'DELETE',
    path: TEMPLATE,
    role: 'admin',
    summary: 'Delete a template; jobs that were created by it run on',
    success: 204,
    requestHeaders: ['If-Match'],
    problems: [409, 412],
  },
  {
    operation: 'listTemplateVersions',
    method: 'GET',
    path: `${TEMPLATE}/versions`,
    role: 'viewer',
    summary: 'List the versions of a template, newest first',
    success: 200,
    query: pageQuery,
    response: z.array(templateSchema),
    headers: ['Link'],
  },
] as const satisfies readonly Route[];
