import { lambdaHandler } from '#kit/lambda.ts';
import { exportZipWorker } from './export-zip-worker.ts';

export const handler = lambdaHandler(exportZipWorker);
