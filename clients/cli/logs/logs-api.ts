/** Calls of CloudWatch Logs: by the AWS SDK of the user's project, or directly for an emulator. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../errors.ts';

export type LogsAction = 'DescribeLogGroups' | 'FilterLogEvents';
/** Sends a request, and returns the members of its response. */
export type LogsApi = (action: LogsAction, body: object) => Promise<Record<string, unknown>>;

const SDK = '@aws-sdk/client-cloudwatch-logs';

interface SdkModule {
  readonly CloudWatchLogsClient: new (
    options: object,
  ) => { send(command: unknown): Promise<Record<string, unknown>> };
  readonly DescribeLogGroupsCommand: new (input: object) => unknown;
  readonly FilterLogEventsCommand: new (input: object) => unknown;
}

/** Returns the API of AWS with the credentials and region of the environment. */
export async function awsLogs(folder: string): Promise<LogsApi> {
  const sdk = await loadSdk(folder);
  const client = new sdk.CloudWatchLogsClient({});
  const commands = {
    DescribeLogGroups: sdk.DescribeLogGroupsCommand,
    FilterLogEvents: sdk.FilterLogEventsCommand,
  };
  return async (action, body) => {
    try {
      return await client.send(new commands[action](body));
    } catch (error) {
      throw explained(error, action);
    }
  };
}

async function loadSdk(folder: string): Promise<SdkModule> {
  let path: string;
  try {
    path = createRequire(join(folder, 'package.json')).resolve(SDK);
  } catch (error) {
    throw new CliError(
      `logs are read from CloudWatch Logs with the package ${SDK}, which is not installed here`,
      {
        hint: `Run npm install --save-dev ${SDK} in this folder, and set AWS_REGION and credentials (or AWS_PROFILE).`,
        cause: error,
      },
    );
  }
  const loaded = (await import(pathToFileURL(path).href)) as SdkModule & { readonly default?: SdkModule };
  return loaded.CloudWatchLogsClient === undefined && loaded.default !== undefined ? loaded.default : loaded;
}

function explained(error: unknown, action: LogsAction): unknown {
  if (!(error instanceof Error)) return error;
  if (/Region is missing/i.test(error.message)) {
    return new CliError('the AWS region is not set', { hint: 'Set AWS_REGION to the region of the stack.' });
  }
  if (error.name === 'CredentialsProviderError') {
    return new CliError('there are no AWS credentials', {
      hint: 'Set AWS_PROFILE, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  }
  if (/AccessDenied|NotAuthorized|UnrecognizedClient|ExpiredToken/.test(error.name)) {
    return new CliError(`AWS refused logs:${action}: ${error.message}`, {
      hint: 'Use credentials that may call logs:DescribeLogGroups and logs:FilterLogEvents.',
    });
  }
  return error;
}

/** Returns the API of an emulator, which does not check signatures but reads the service from them. */
export function emulatorLogs(endpoint: string): LogsApi {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=none';
  return async (action, body) => {
    const response = await fetch(`${endpoint}/`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${action}`,
      },
      body: JSON.stringify(body),
    });
    const answer = Object(await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    throw new CliError(
      `the emulator responded to ${action} with ${response.status}: ${JSON.stringify(answer)}`,
    );
  };
}
