import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { exportZipWorker } from './export-zip-worker.ts';

export const handler = lambdaHandler(exportZipWorker);
