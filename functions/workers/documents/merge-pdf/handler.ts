import { lambdaHandler } from '#kit/lambda.ts';
import { mergePdfWorker } from './merge-pdf-worker.ts';

export const handler = lambdaHandler(mergePdfWorker);
