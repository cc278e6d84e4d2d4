import { ENVIRONMENT_NAMES } from '#contract/environment.ts';
import { environment, systemClock } from '../../aws/runtime.ts';
import { awsSecrets } from '../../aws/secrets.ts';
import { httpWorker } from './http-worker.ts';

export const worker = httpWorker({
  clock: systemClock,
  readSecret: awsSecrets(),
  allowedSecrets: () => JSON.parse(environment[ENVIRONMENT_NAMES.secrets] ?? '{}'),
});
