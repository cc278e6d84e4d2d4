/** The deployment itself: its workers and splitters, and its health. */
import * as z from 'zod';
import { healthSchema } from '../health-view.ts';
import { splitterSchema, workerSchema } from '../registry-view.ts';
import type { Route } from '../route.ts';

export const SERVICE_ROUTES = [
  {
    operation: 'listSplitters',
    method: 'GET',
    path: '/splitters',
    role: 'viewer',
    summary: 'List the deployed splitters, with the schemas of their definitions',
    success: 200,
    response: z.array(splitterSchema),
  },
  {
    operation: 'listWorkers',
    method: 'GET',
    path: '/workers',
    role: 'viewer',
    summary: 'List the deployed workers, with the schemas of their parameters',
    success: 200,
    response: z.array(workerSchema),
  },
  {
    operation: 'getHealth',
    method: 'GET',
    path: '/health',
    role: 'open',
    summary: 'Check that the API is available, and get its version',
    success: 200,
    response: healthSchema,
  },
  {
    operation: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    role: 'open',
    summary: 'Get the OpenAPI 3.1 document of this API',
    success: 200,
    response: z.looseObject({ openapi: z.literal('3.1.0') }),
  },
] as const satisfies readonly Route[];
