import { Duration, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { ConsoleSettings } from '#contract/console-config.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';
import { pageFiles } from './pages/pages.ts';
import type { TokenIssuer } from './token-issuer.ts';

export interface ConsoleProps {
  /**
   * Client id of the console at the issuer: a public client with the authorization code flow and PKCE, whose
   * redirect address is the address of the console. @default - no sign-in: people paste a token
   */
  readonly clientId?: string;
  /** Issuer to sign in with, if the service accepts several. @default - the first issuer of `auth` */
  readonly issuer?: string;
  /** Scopes to request, separated by spaces. @default openid */
  readonly scope?: string;
  /**
   * Origins of the issuer's endpoints, if they differ from the origin of the issuer, as those of a Cognito
   * domain do. @default none
   */
  readonly signInOrigins?: readonly string[];
  /** Shown in the console, to tell deployments apart. @default none */
  readonly title?: string;
}

export interface ServicePagesProps {
  readonly api: RestApi;
  readonly resources: JobResources;
  readonly auth: readonly TokenIssuer[];
  readonly console: ConsoleProps;
  readonly local: boolean;
}

/** The console at `/console` and the docs at `/docs` → serve-pages. They need no token; the API behind them does. */
export class ServicePages extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, props: ServicePagesProps) {
    super(scope, id);
    const { api, resources } = props;
    this.function = new JobFunction(this, 'ServePages', {
      name: 'serve-pages',
      description: 'serves the console and the docs',
      entry: { own: 'serve-pages' },
      files: { 'console.json': settingsOf(props) },
      otherFiles: new Map([...pageFiles()].map(([path, content]) => [`pages/${path}`, content])),
      timeout: Duration.seconds(10),
      memorySizeMebibytes: 512,
      environment: { bucket: resources.bucket.bucket.bucketName },
      statements: [],
    });
    const handler = new LambdaIntegration(this.function, { scopePermissionToMethod: false });
    for (const area of ['console', 'docs']) {
      const resource = api.root.addResource(area);
      resource.addMethod('ANY', handler);
      resource.addResource('{file+}').addMethod('ANY', handler);
    }
  }
}

/** Returns the origins at which browsers open the console. The REST API itself needs no other resource. */
export function consoleOrigins(api: RestApi, { local }: { local: boolean }): string[] {
  // The port of an emulator is not known here.
  if (local) return ['http://127.0.0.1:*', 'http://localhost:*'];
  const { region, urlSuffix } = Stack.of(api);
  return [`https://${api.restApiId}.execute-api.${region}.${urlSuffix}`];
}

function settingsOf({ auth, console, local }: ServicePagesProps): ConsoleSettings {
  const { clientId, title, scope = 'openid', signInOrigins = [] } = console;
  const issuer = console.issuer ?? auth[0]?.issuer;
  const common = { local, ...omitUndefined({ title }) };
  if (clientId === undefined || issuer === undefined) return { ...common, signInOrigins: [] };
  return {
    ...common,
    signIn: { issuer, clientId, scope },
    signInOrigins: [...new Set([issuer, ...signInOrigins].map((url) => new URL(url).origin))],
  };
}

/** Throws if these settings do not allow a sign-in. */
export function checkConsole(props: ConsoleProps | false, auth: readonly TokenIssuer[]): void {
  if (props === false) return;
  const { clientId, issuer, signInOrigins = [] } = props;
  const issuers = auth.map((one) => one.issuer);
  if (issuer !== undefined && !issuers.includes(issuer)) {
    throw new Error(
      `issuer of the console is '${issuer}', which \`auth\` does not list; use one of: ${issuers.join(', ') || 'none is listed'}`,
    );
  }
  if (clientId === undefined) return;
  const used = issuer ?? issuers[0];
  const wrong = [used ?? '', ...signInOrigins].find((url) => !isWebAddress(url));
  if (wrong !== undefined) {
    throw new Error(
      `the console has a clientId, but '${wrong}' is not an address to sign in at; use an https URL in \`auth\` and in \`signInOrigins\`, or leave clientId out`,
    );
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}
