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
    summary: 'Get the settings of a partition, and the number of slots in use',
    success: 200,
    response: partitionSchema,
    headers: ['ETag'],
  },
  {
    operation: 'putPartition',
    method: 'PUT',
    path: PARTITION,
    role: 'admin',
    summary: 'Replace all settings of a partition. Omitted members get their default',
    success: 200,
    requestHeaders: ['If-Match'],
    body: partitionBody,
    response: partitionSchema,
    headers: ['ETag'],
    problems: [412],
  },
] as const satisfies readonly Route[];
