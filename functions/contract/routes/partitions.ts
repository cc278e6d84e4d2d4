/** Settings of partitions. */
import { partitionBody, partitionSchema } from '../partition.ts';
import type { Route } from '../route.ts';

const PARTITION = '/partitions/{p}';

export const PARTITION_ROUTES = [
  {
    operation: 'getPartition',
    method: 'GET',
    path: PARTITION,
    role: 'admin',
    summary: 'Read the settings of a partition, and how many of its jobs are under way',
    success: 200,
    response: partitionSchema,
    headers: ['ETag'],
  },
  {
    operation: 'putPartition',
    method: 'PUT',
    path: PARTITION,
    role: 'admin',
    summary: 'Put all settings of a partition; what is left out gets its default',
    success: 200,
    requestHeaders: ['If-Match'],
    body: partitionBody,
    response: partitionSchema,
    headers: ['ETag'],
    problems: [412],
  },
] as const satisfies readonly Route[];
