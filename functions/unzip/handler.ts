import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { unzip } from './unzip.ts';

export const handler = lambdaHandler(unzip);
