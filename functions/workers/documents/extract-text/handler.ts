import { lambdaHandler } from '#kit/lambda.ts';
import { extractTextWorker } from './extract-text-worker.ts';

export const handler = lambdaHandler(extractTextWorker);
