import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { corsOrigins } from '#contract/cors-origins.ts';
import { rateLimits } from '#contract/rate-limits.ts';
import { DEFAULT_RATE_LIMIT } from '#core/rate.ts';
import { environment } from '../aws/runtime.ts';
import { fileBeside } from '../creation/deployed-creation.ts';
import { createApi } from './api.ts';
import { deployedApi } from './deployed-api.ts';
import { tokenIssuers } from './exchange/token-verifier.ts';

export const handler = createApi({
  ...deployedApi('jobs-api'),
  // Without auth.json, every token is refused.
  issuers: acceptedIssuers(tokenIssuers.parse(fileBeside('auth.json') ?? [])),
  corsOrigins: corsOrigins.parse(fileBeside('cors.json') ?? []),
  rateLimits: rateLimits.parse(fileBeside('limits.json') ?? { ...DEFAULT_RATE_LIMIT, partitions: {} }),
});

/** Drops the development key in AWS, in case a build for the emulator is deployed there by mistake. */
function acceptedIssuers(issuers: ReturnType<typeof tokenIssuers.parse>) {
  const isEmulator = environment['AWS_ENDPOINT_URL'] !== undefined;
  return issuers.filter(({ issuer }) => isEmulator || issuer !== DEVELOPMENT_ISSUER);
}
