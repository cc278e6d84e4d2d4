import { lambdaHandler } from '#kit/lambda.ts';
import { rehearse } from './rehearse.ts';

export const handler = lambdaHandler(rehearse);
