/** The checks of `jobtree doctor`: what was found, and what to do about it. */
import packageFile from '../../package.json' with { type: 'json' };
import { Jobtree } from '../client/index.ts';
import type { Context } from './context.ts';
import { networkReason, reportedError } from './errors.ts';
import { duration, localTime } from './output/times.ts';
import { claimsOf, type TokenClaims } from './settings/claims.ts';
import { type Settings, settingsOf } from './settings/connection.ts';
import { Profiles } from './settings/profiles.ts';

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly found: string;
  /** The next step for the user. */
  readonly next?: string;
}

const MIN_NODE = [20, 19] as const;
const MAX_SKEW_MILLIS = 5_000;
const TIMEOUT_MILLIS = 15_000;

export async function checkService({ options, env, signal }: Context): Promise<Check[]> {
  const checks = [nodeCheck()];
  let settings: Settings;
  try {
    settings = settingsOf(options, env);
  } catch (error) {
    const { lines } = reportedError(error);
    return [...checks, { name: 'configuration', state: 'failed', found: lines.join(' '), next: START }];
  }
  const { url, urlSource, partition } = settings;
  checks.push({ name: 'configuration', state: 'ok', found: `${url}, from ${urlSource}` });
  checks.push(partitionCheck(partition));
  checks.push({ name: 'profiles', state: 'ok', found: new Profiles(env).file });
  const reached = await reachability(url, signal);
  checks.push(...reached.checks);
  const token = await tokenChecks(settings);
  checks.push(...token.checks);
  if (reached.isReached && token.token !== undefined) {
    checks.push(await accessCheck(settings, token.token, signal));
  }
  return checks;
}

const START = 'Start a local service with jobtree dev, or sign in with jobtree login.';

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  const found = `jobtree ${packageFile.version}, Node ${process.versions.node}`;
  if (isNew) return { name: 'versions', state: 'ok', found };
  return { name: 'versions', state: 'failed', found, next: `Install Node ${MIN_NODE.join('.')} or newer.` };
}

function partitionCheck(partition: string | undefined): Check {
  if (partition !== undefined) return { name: 'partition', state: 'ok', found: partition };
  const next = 'Pass --partition ID, set JOBTREE_PARTITION, or store one: jobtree login --partition ID';
  return { name: 'partition', state: 'warning', found: 'none is selected', next };
}

/** Requests the health of the service, which needs no token, and compares the clocks. */
async function reachability(
  url: string,
  signal: AbortSignal,
): Promise<{ isReached: boolean; checks: Check[] }> {
  const started = Date.now();
  try {
    const response = await fetch(`${url}/health`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]),
    });
    const ended = Date.now();
    const body = Object(await response.json().catch(() => ({}))) as { status?: string; version?: string };
    if (!response.ok || body.version === undefined) {
      const next = 'Check the address: it is the base URL of the API, including the stage, such as …/v1';
      const found = `${url}/health responded with ${response.status}`;
      return { isReached: false, checks: [{ name: 'service', state: 'failed', found, next }] };
    }
    const found = `reachable in ${ended - started} ms, version ${body.version}`;
    return {
      isReached: true,
      checks: [
        { name: 'service', state: 'ok', found },
        versionCheck(body.version),
        ...clockCheck(response.headers.get('date'), (started + ended) / 2),
      ],
    };
  } catch (error) {
    signal.throwIfAborted();
    const found = error instanceof Error ? (networkReason(error) ?? error.message) : String(error);
    const next = 'Check the address, the network and the proxy. A local service is started by jobtree dev.';
    return { isReached: false, checks: [{ name: 'service', state: 'failed', found, next }] };
  }
}

function versionCheck(version: string): Check {
  const own = packageFile.version;
  if (version === own)
    return { name: 'compatibility', state: 'ok', found: 'command and service have the same version' };
  const found = `the command is ${own}, the service ${version}`;
  return {
    name: 'compatibility',
    state: 'warning',
    found,
    next: `Install the same version: npm install jobtree@${version}`,
  };
}

/** Compares this clock with the `Date` header, whose resolution is one second. */
function clockCheck(header: string | null, localMillis: number): Check[] {
  const time = Date.parse(header ?? '');
  if (!Number.isFinite(time)) return [];
  const skew = localMillis - (time + 500);
  if (Math.abs(skew) <= MAX_SKEW_MILLIS)
    return [{ name: 'clock', state: 'ok', found: 'agrees with the service' }];
  const found = `${duration(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the service`;
  const next = 'Set the clock of this machine (NTP). Tokens are refused if it is wrong.';
  return [{ name: 'clock', state: 'failed', found, next }];
}

async function tokenChecks(settings: Settings): Promise<{ token?: string; checks: Check[] }> {
  let token: string;
  try {
    token = await settings.token();
  } catch (error) {
    const { lines } = reportedError(error);
    const [found = '', next = 'Sign in with jobtree login.'] = lines;
    return { checks: [{ name: 'token', state: 'failed', found: found.replace(/^error: /, ''), next }] };
  }
  const claims = claimsOf(token);
  if (claims === undefined) {
    const found = `from ${settings.tokenSource}, not a JWT`;
    return { checks: [{ name: 'token', state: 'failed', found, next: 'Use a signed token of the issuer.' }] };
  }
  return { token, checks: [claimsCheck(claims, settings), expiryCheck(claims)] };
}

function claimsCheck({ sub, role, partitions = [], iss }: TokenClaims, settings: Settings): Check {
  const found = `from ${settings.tokenSource}: ${sub}, role ${role}, partitions ${partitions.join(', ')}, issuer ${iss}`;
  const missing = Object.entries({ sub, role }).filter(([, value]) => value === undefined);
  if (missing.length > 0 || partitions.length === 0) {
    const names = [...missing.map(([name]) => name), ...(partitions.length === 0 ? ['partitions'] : [])];
    const next = `Configure the issuer to add the claims ${names.join(', ')} (docs/reference/http-api.md#tokens).`;
    return { name: 'token', state: 'failed', found, next };
  }
  const { partition } = settings;
  if (partition !== undefined && !partitions.includes('*') && !partitions.includes(partition)) {
    const next = `The token does not include partition '${partition}'. Use --partition with one of ${partitions.join(', ')}.`;
    return { name: 'token', state: 'failed', found, next };
  }
  return { name: 'token', state: 'ok', found };
}

function expiryCheck({ exp }: TokenClaims): Check {
  if (exp === undefined) {
    const next = 'The service requires the claim exp. Use another token.';
    return { name: 'expiry', state: 'failed', found: 'the token never expires', next };
  }
  const left = exp * 1000 - Date.now();
  if (left > 0)
    return { name: 'expiry', state: 'ok', found: `${localTime(exp * 1000)}, in ${duration(left)}` };
  const found = `the token expired ${duration(-left)} ago`;
  return { name: 'expiry', state: 'failed', found, next: 'Sign in again with jobtree login.' };
}

/** Sends a request that needs a token. */
async function accessCheck({ url, partition }: Settings, token: string, signal: AbortSignal): Promise<Check> {
  const jobtree = new Jobtree({ url, token });
  try {
    if (partition === undefined) await jobtree.workers({ signal });
    else await jobtree.partition(partition).jobs({ limit: 1, signal }).toArray();
    return { name: 'access', state: 'ok', found: 'the service accepts the token' };
  } catch (error) {
    signal.throwIfAborted();
    const [found = '', next = 'See docs/reference/http-api.md for the code.'] = reportedError(error).lines;
    return { name: 'access', state: 'failed', found: found.replace(/^error: /, ''), next };
  }
}
