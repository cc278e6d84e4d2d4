import * as v from 'valibot';
import { readJsonVariable } from '#contract/json-variable.ts';
import type { WebAccess } from '#contract/web-access.ts';

const webAccessSchema = v.object({
  ports: v.exactOptional(v.pipe(v.array(v.number()), v.readonly())),
  isLocal: v.exactOptional(v.boolean()),
});

/**
 * Returns what a function may reach. In AWS, where no endpoint is set, private addresses are never allowed, in case a build
 * for the emulator is deployed there by mistake.
 */
export function webAccess(environment: Readonly<Record<string, string | undefined>>): WebAccess {
  // Without the variable, the function may reach the public web on the HTTPS port.
  const access = readJsonVariable('web', webAccessSchema, environment, {});
  const isEmulated = environment['AWS_ENDPOINT_URL'] !== undefined;
  return { ...access, isLocal: access.isLocal === true && isEmulated };
}
