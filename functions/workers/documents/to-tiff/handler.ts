import { lambdaHandler } from '#kit/lambda.ts';
import { toTiffWorker } from './to-tiff-worker.ts';

export const handler = lambdaHandler(toTiffWorker);
