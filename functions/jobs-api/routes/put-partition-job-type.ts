import { putAnyJobType } from '../job-types/put-job-type.ts';
import type { OperationHandler } from '../request.ts';

export const putPartitionJobType: OperationHandler<'putPartitionJobType'> = putAnyJobType;
