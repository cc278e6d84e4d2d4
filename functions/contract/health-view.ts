/** Health responses, in the formats of jobtree and of the CAF contract. */
import * as z from 'zod';

export const healthSchema = z
  .strictObject({ status: z.literal('ok'), version: z.string().describe('Version of the deployed service.') })
  .meta({ id: 'Health' });

export const cafHealthSchema = z.strictObject({ success: z.literal(true) });
