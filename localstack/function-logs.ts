import { deployCommand, type Emulator } from './emulator/emulator.ts';
import { REGION } from './local-aws.ts';
import { LocalRefusal } from './local-refusal.ts';
import { stackOutputs } from './stack-outputs.ts';

interface DeployedFunction {
  readonly FunctionName: string;
  readonly LoggingConfig?: { readonly LogGroup?: string };
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

const LATEST_STREAMS = 50;
// Lines that Lambda itself writes around each invocation. They do not help users who look for their own
// lines.
const PLATFORM_LINE = /^(START|END|REPORT|INIT_START) /;

/**
 * Returns the latest log lines of a deployed function, oldest first. `name` is the name of its folder in
 * functions/.
 */
export async function latestLogLines(emulator: Emulator, name: string, count = 200): Promise<string[]> {
  const { FunctionName, LoggingConfig } = await findFunction(emulator, name);
  const byDefault = `/aws/lambda/${FunctionName}`;
  // LocalStack accepts the function's log group, but still writes to the default one.
  const groups = [...new Set([LoggingConfig?.LogGroup ?? byDefault, byDefault])];
  const pages = await Promise.all(groups.map((logGroupName) => latestPages(emulator, logGroupName, count)));
  return pages
    .flat(2)
    .filter(({ message }) => message.trim() !== '' && !PLATFORM_LINE.test(message))
    .sort((one, other) => one.timestamp - other.timestamp)
    .slice(-count)
    .map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message.trimEnd()}`);
}

/** Returns the latest events of each of the newest streams. */
async function latestPages(emulator: Emulator, logGroupName: string, count: number): Promise<LogEvent[][]> {
  const newest = { logGroupName, orderBy: 'LastEventTime', descending: true, limit: LATEST_STREAMS };
  const { logStreams = [] } = await logsApi<{ logStreams?: { logStreamName: string }[] }>(
    emulator,
    'DescribeLogStreams',
    newest,
  );
  const pages = logStreams.map(async ({ logStreamName }) => {
    const page = { logGroupName, logStreamName, limit: count };
    const { events = [] } = await logsApi<{ events?: LogEvent[] }>(emulator, 'GetLogEvents', page);
    return events;
  });
  return Promise.all(pages);
}

async function findFunction(emulator: Emulator, name: string): Promise<DeployedFunction> {
  const responseBody = await fetchAsService(
    'lambda',
    `${emulator.endpoint}/2015-03-31/functions/?MaxItems=1000`,
  );
  const { Functions } = (await responseBody.json()) as { Functions: DeployedFunction[] };
  // A stack output maps the names: `track-results` → jobtree-JobsTrackResults1A2B….
  const { Functions: ownFunctions = '{}' } = (await stackOutputs(emulator.endpoint)) ?? {};
  const names = JSON.parse(ownFunctions) as Record<string, string>;
  const selectedFunction = Functions.find(({ FunctionName }) => FunctionName === (names[name] ?? name));
  if (selectedFunction) return selectedFunction;
  throw new LocalRefusal(
    Functions.length === 0
      ? `no function is deployed at ${emulator.endpoint}; deploy first: ${deployCommand(emulator.kind)}`
      : `unknown function '${name}'; deployed: ${Object.keys(names).sort().join(', ')}`,
  );
}

async function logsApi<Answer>(emulator: Emulator, action: string, body: object): Promise<Answer> {
  const response = await fetchAsService('logs', `${emulator.endpoint}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` },
    body: JSON.stringify(body),
  });
  const responseBody: unknown = await response.json();
  if (response.ok) return responseBody as Answer;
  // A function that never ran has no log group yet.
  if (JSON.stringify(responseBody).includes('ResourceNotFoundException')) return {} as Answer;
  throw new Error(`${action} responded with ${response.status}: ${JSON.stringify(responseBody)}`);
}

// Emulators do not check signatures, but read the service from the credential scope.
function fetchAsService(service: string, url: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  return fetch(url, { ...init, headers: { ...init.headers, authorization } });
}
