import type { IConstruct } from 'constructs';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '#contract/claims.ts';
import type { JobServiceProps } from './job-service-props.ts';
import { isLocalEndpoint } from './local-endpoint.ts';
import type { PublicJwk } from './token-issuer.ts';

/** Context value of `jobtree dev`: the public key of the tokens that it signs, as JSON. */
const DEVELOPMENT_KEY = 'jobtree:developmentKey';

/**
 * Returns the properties for an emulator if `jobtree dev` deploys the app: local, and with the issuer of development tokens.
 * Throws if the deployment would reach AWS.
 */
export function withDevelopmentIssuer(scope: IConstruct, props: JobServiceProps): JobServiceProps {
  const key: unknown = scope.node.tryGetContext(DEVELOPMENT_KEY);
  if (key === undefined) return props;
  // biome-ignore lint/style/noProcessEnv: only the environment of the CDK contains the endpoint of the deployment
  if (!isLocalEndpoint(process.env)) {
    throw new Error(
      `the context has ${DEVELOPMENT_KEY}, which is for emulators only; remove it, or set AWS_ENDPOINT_URL to a loopback address`,
    );
  }
  const { auth = [], webIsLocal = true } = props;
  if (auth.some(({ issuer }) => issuer === DEVELOPMENT_ISSUER)) return props;
  const jwks = { keys: [JSON.parse(String(key)) as PublicJwk] };
  const issuer = { issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE, jwks };
  return { ...props, local: true, webIsLocal, auth: [...auth, issuer] };
}
