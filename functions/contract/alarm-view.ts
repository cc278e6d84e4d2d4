/** The alarms of the deployment. */
import * as z from 'zod';
import { timeOf } from './quantities.ts';

export const alarmSchema = z
  .strictObject({
    name: z.string().describe('Its name in CloudWatch.'),
    description: z.string().describe('Its condition, and the next step.'),
    status: z.enum(['ok', 'alarm', 'unknown']).describe('`unknown`: CloudWatch has not enough data.'),
    since: timeOf('Time of the last change of the status'),
    reason: z.string().describe('The reason that CloudWatch gives for the status.'),
  })
  .meta({ id: 'Alarm', description: 'A CloudWatch alarm of the deployment, up to a minute old.' });
