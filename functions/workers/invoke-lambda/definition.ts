import { allowedFunctions } from '#contract/allow-list-schemas.ts';
import { readJsonVariable } from '#contract/json-variable.ts';
import { awsFunctions } from '../../aws/invoke-function.ts';
import { environment } from '../../aws/runtime.ts';
import { invokeLambdaWorker } from './invoke-lambda-worker.ts';

export const worker = invokeLambdaWorker({
  invoke: awsFunctions(),
  allowedFunctions: () => readJsonVariable('functions', allowedFunctions, environment, {}),
});
