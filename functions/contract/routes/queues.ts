/** The queues of the deployment, and the messages that no handler accepts. */
import * as z from 'zod';
import { alarmSchema } from '../alarm-view.ts';
import {
  queueSchema,
  unroutableActionRequest,
  unroutableActionSchema,
  unroutableMessageSchema,
} from '../queue-view.ts';
import type { Route } from '../route.ts';

const MESSAGES = '/queues/unroutable/messages';

export const QUEUE_ROUTES = [
  {
    operation: 'listQueues',
    method: 'GET',
    path: '/queues',
    role: 'viewer',
    summary: 'List the queues with the approximate number of their messages',
    success: 200,
    response: z.array(queueSchema),
  },
  {
    operation: 'listAlarms',
    method: 'GET',
    path: '/alarms',
    role: 'viewer',
    summary: 'List the CloudWatch alarms of the deployment, raised ones first',
    success: 200,
    response: z.array(alarmSchema),
  },
  {
    operation: 'listUnroutableMessages',
    method: 'GET',
    path: MESSAGES,
    role: 'admin',
    forAllPartitions: true,
    summary: 'List up to 100 messages that no handler accepted, oldest first',
    success: 200,
    response: z.array(unroutableMessageSchema),
  },
  {
    operation: 'redriveUnroutableMessages',
    method: 'POST',
    path: `${MESSAGES}:redrive`,
    role: 'admin',
    forAllPartitions: true,
    summary: 'Send unroutable messages unchanged to the queue that they came from',
    body: unroutableActionRequest,
    success: 200,
    response: unroutableActionSchema,
  },
  {
    operation: 'deleteUnroutableMessages',
    method: 'POST',
    path: `${MESSAGES}:delete`,
    role: 'admin',
    forAllPartitions: true,
    summary: 'Delete unroutable messages',
    body: unroutableActionRequest,
    success: 200,
    response: unroutableActionSchema,
  },
] as const satisfies readonly Route[];
