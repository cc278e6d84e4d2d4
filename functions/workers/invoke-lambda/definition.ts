import { ENVIRONMENT_NAMES } from '#contract/environment.ts';
import { awsFunctions } from '../../aws/invoke-function.ts';
import { environment } from '../../aws/runtime.ts';
import { invokeLambdaWorker } from './invoke-lambda-worker.ts';

export const worker = invokeLambdaWorker({
  invoke: awsFunctions(),
  allowedFunctions: () => JSON.parse(environment[ENVIRONMENT_NAMES.functions] ?? '{}'),
});
