/** The request body that creates a new job from one that is final. */
import * as z from 'zod';
import { idMember } from './id-member.ts';

export const resubmitJobBody = z
  .strictObject({
    id: idMember('job').optional().describe('Id of the new job. Default: a generated, sortable id.'),
  })
  .meta({ id: 'ResubmitRequest' })
  .optional();
