import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { corsOrigins } from '#contract/cors-origins.ts';
import { rateLimits } from '#contract/rate-limits.ts';
import { DEFAULT_RATE_LIMIT } from '#core/rate.ts';
import { environment } from '../aws/runtime.ts';
import { fileBeside } from '../creation/deployed-creation.ts';
import { createApi } from './api.ts';
import { deployedApi } from './deployed-api.ts';
import { tokenIssuers } from './exchange/token-verifier.ts';

/** Emulators have an endpoint of their own; AWS does not set the variable. */
const isEmulated = environment['AWS_ENDPOINT_URL'] !== undefined;

export const handler = createApi({
  ...deployedApi('jobs-api'),
  // Without auth.json, every token is refused.
  issuers: acceptedIssuers(tokenIssuers.parse(fileBeside('auth.json') ?? [])),
  isEmulated,
  corsOrigins: corsOrigins.parse(fileBeside('cors.json') ?? []),
  rateLimits: rateLimits.parse(fileBeside('limits.json') ?? { ...DEFAULT_RATE_LIMIT, partitions: {} }),
});

/** Drops the development key in AWS, in case a build for the emulator is deployed there by mistake. */
function acceptedIssuers(issuers: ReturnType<typeof tokenIssuers.parse>) {
  return issuers.filter(({ issuer }) => isEmulated || issuer !== DEVELOPMENT_ISSUER);
}
