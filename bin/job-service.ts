import { App } from 'aws-cdk-lib';
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '../functions/contract/claims.ts';
import { functionsFromContext, secretsFromContext, splitList } from '../lib/allowed-by-name.ts';
import { JobServiceStack } from '../lib/job-service-stack.ts';
import { isLocalEndpoint } from '../lib/local-endpoint.ts';
import { rateLimitsFromContext } from '../lib/rate-limits.ts';
import { issuerFromContext } from '../lib/token-issuer.ts';

const local = isLocalEndpoint(process.env);
// Template validation takes seconds, and emulators accept what AWS would refuse.
const app = new App({ builtinCloudFormationValidation: !local, treeMetadata: false });
const context = (name: string): string | undefined => app.node.tryGetContext(name);
const maxItems = context('maxItems');
const maxUploadBytes = context('maxUploadBytes');
const auth = issuerFromContext(context);
const clientId = context('consoleClientId');

if (local) {
  // Loaded only here, because the first use creates the key.
  const { developmentKey } = await import('../localstack/development-key.ts');
  const jwks = { keys: [{ ...developmentKey().publicKey }] };
  auth.push({ issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE, jwks });
}

new JobServiceStack(app, context('stackName') ?? 'jobtree', {
  description: 'jobtree: a batch job service',
  local,
  // Locally, only the developer's own servers are reachable.
  webIsLocal: local,
  auth,
  console: clientId === undefined ? {} : { clientId },
  // On an emulator, all features are enabled.
  documents: (context('documents') ?? String(local)) === 'true',
  officeToPdf: (context('officeToPdf') ?? String(local)) === 'true',
  documentFonts: splitList(context('documentFonts')),
  readBucketNames: splitList(context('readBuckets')),
  httpSecretNames: secretsFromContext(context('httpSecrets')),
  invokableFunctionNames: functionsFromContext(context('invokableFunctions')),
  // A local deployment has a source for trying out requests.
  sources: splitList(context('sources') ?? (local ? 'demo' : undefined)).map((partition) => ({ partition })),
  corsOrigins: splitList(context('corsOrigins')),
  rateLimits: rateLimitsFromContext(splitList(context('rateLimits'))),
  ...(maxItems !== undefined && { maxItems: Number(maxItems) }),
  ...(maxUploadBytes !== undefined && { maxUploadBytes: Number(maxUploadBytes) }),
});
