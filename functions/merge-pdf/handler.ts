import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { mergePdfWorker } from './merge-pdf-worker.ts';

export const handler = lambdaHandler(mergePdfWorker);
