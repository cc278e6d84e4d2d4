/** The body that makes a new job of one that is over. */
import * as z from 'zod';
import { anId } from './id-member.ts';

export const resubmitJobBody = z
  .strictObject({
    id: anId('job').optional().describe('Of the new job; absent: a new, sortable one.'),
  })
  .optional();
