import { DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import { readEnvironment } from '#contract/env.ts';
import { rateLimits } from '#contract/rate-limits.ts';
import { DEFAULT_RATE_LIMIT } from '#core/rate.ts';
import { environment } from '../aws/runtime.ts';
import { createApi } from './api.ts';
import { deployedApi, fileBeside } from './deployed-api.ts';
import { tokenIssuers } from './exchange/token-verifier.ts';

const { maxUploadBytes } = readEnvironment(['maxUploadBytes'], environment);

export const handler = createApi({
  ...deployedApi('jobs-api'),
  maxUploadBytes: Number(maxUploadBytes),
  // Without auth.json every token is refused.
  issuers: acceptedIssuers(tokenIssuers.parse(fileBeside('auth.json') ?? [])),
  rateLimits: rateLimits.parse(fileBeside('limits.json') ?? { ...DEFAULT_RATE_LIMIT, partitions: {} }),
});

/** A build made for an emulator and deployed elsewhere by mistake must not let its development key in. */
function acceptedIssuers(issuers: ReturnType<typeof tokenIssuers.parse>) {
  const isEmulator = environment['AWS_ENDPOINT_URL'] !== undefined;
  return issuers.filter(({ issuer }) => isEmulator || issuer !== DEVELOPMENT_ISSUER);
}
