import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { toTiffWorker } from './to-tiff-worker.ts';

export const handler = lambdaHandler(toTiffWorker);
