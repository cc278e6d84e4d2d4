import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { rehearse } from './rehearse.ts';

export const handler = lambdaHandler(rehearse);
