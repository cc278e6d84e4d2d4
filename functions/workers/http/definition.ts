import { allowedSecrets } from '#contract/allow-list-schemas.ts';
import { readJsonVariable } from '#contract/json-variable.ts';
import { environment, systemClock } from '../../aws/runtime.ts';
import { awsSecrets } from '../../aws/secrets.ts';
import { httpWorker } from './http-worker.ts';

export const worker = httpWorker({
  clock: systemClock,
  readSecret: awsSecrets(),
  allowedSecrets: () => readJsonVariable('secrets', allowedSecrets, environment, {}),
});
