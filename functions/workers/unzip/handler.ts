import { lambdaHandler } from '#kit/lambda.ts';
import { unzip } from './unzip.ts';

export const handler = lambdaHandler(unzip);
