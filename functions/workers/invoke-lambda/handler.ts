import { ENVIRONMENT_NAMES } from '#contract/env.ts';
import { lambdaHandler } from '#kit/lambda.ts';
import { awsFunctions } from '../../aws/invoke-function.ts';
import { environment } from '../../aws/runtime.ts';
import { invokeLambdaWorker } from './invoke-lambda-worker.ts';

export const handler = lambdaHandler(
  invokeLambdaWorker({
    invoke: awsFunctions(),
    allowedFunctions: () => JSON.parse(environment[ENVIRONMENT_NAMES.functions] ?? '{}'),
  }),
);
