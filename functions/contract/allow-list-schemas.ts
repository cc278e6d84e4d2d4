/** Checks the variables with allow lists. Apart from their types, which are part of the public declarations. */
import * as v from 'valibot';
import type { AllowedFunctions, AllowedSecrets } from './allow-lists.ts';

const names = v.pipe(v.array(v.string()), v.readonly());
const allowedFunction = v.object({ arn: v.string(), partitions: v.exactOptional(names) });

export const allowedFunctions: v.GenericSchema<unknown, AllowedFunctions> = v.record(
  v.string(),
  allowedFunction,
);
export const allowedSecrets: v.GenericSchema<unknown, AllowedSecrets> = v.record(
  v.string(),
  v.object({ ...allowedFunction.entries, origins: names }),
);
