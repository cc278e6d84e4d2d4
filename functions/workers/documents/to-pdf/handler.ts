import { lambdaHandler } from '#kit/lambda.ts';
import { toPdfWorker } from './to-pdf-worker.ts';

export const handler = lambdaHandler(toPdfWorker);
