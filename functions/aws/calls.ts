/**
 * The operations of AWS that the adapters use, in the services' own form. The client of `client` and the SDK
 * provide them (docs/explanation/decisions/0043-signed-client.md). Errors have the service's code as `name`.
 */
import type * as Dynamo from '@aws-sdk/client-dynamodb';
import type * as Secrets from '@aws-sdk/client-secrets-manager';
import type * as States from '@aws-sdk/client-sfn';
import type * as Sqs from '@aws-sdk/client-sqs';
import type { ListedObject } from '#core/ports.ts';

/** `Operations` maps the name of an operation to a function type from input to output. */
export type Call<Operations> = <Name extends keyof Operations & string>(
  operation: Name,
  input: InputOf<Operations[Name]>,
) => Promise<OutputOf<Operations[Name]>>;

export type InputOf<Operation> = Operation extends (input: infer Input) => unknown ? Input : never;
export type OutputOf<Operation> = Operation extends (input: never) => infer Output ? Output : never;

export interface DynamoOperations {
  GetItem(input: Dynamo.GetItemInput): Dynamo.GetItemOutput;
  PutItem(input: Dynamo.PutItemInput): Dynamo.PutItemOutput;
  UpdateItem(input: Dynamo.UpdateItemInput): Dynamo.UpdateItemOutput;
  DeleteItem(input: Dynamo.DeleteItemInput): Dynamo.DeleteItemOutput;
  Query(input: Dynamo.QueryInput): Dynamo.QueryOutput;
  TransactWriteItems(input: Dynamo.TransactWriteItemsInput): Dynamo.TransactWriteItemsOutput;
}
export type DynamoCall = Call<DynamoOperations>;

export interface SqsOperations {
  SendMessageBatch(input: Sqs.SendMessageBatchRequest): Sqs.SendMessageBatchResult;
  ReceiveMessage(input: Sqs.ReceiveMessageRequest): Sqs.ReceiveMessageResult;
  DeleteMessageBatch(input: Sqs.DeleteMessageBatchRequest): Sqs.DeleteMessageBatchResult;
  ChangeMessageVisibilityBatch(
    input: Sqs.ChangeMessageVisibilityBatchRequest,
  ): Sqs.ChangeMessageVisibilityBatchResult;
  GetQueueAttributes(input: Sqs.GetQueueAttributesRequest): Sqs.GetQueueAttributesResult;
}
export type SqsCall = Call<SqsOperations>;

/** Without the members that no adapter reads. Dates among them would differ between the two clients. */
export interface StatesOperations {
  CreateStateMachine(
    input: States.CreateStateMachineInput,
  ): Pick<States.CreateStateMachineOutput, 'stateMachineVersionArn'>;
  UpdateStateMachine(
    input: States.UpdateStateMachineInput,
  ): Pick<States.UpdateStateMachineOutput, 'stateMachineVersionArn'>;
  StartExecution(input: States.StartExecutionInput): object;
  StopExecution(input: States.StopExecutionInput): object;
  SendTaskSuccess(input: States.SendTaskSuccessInput): object;
  SendTaskFailure(input: States.SendTaskFailureInput): object;
}
export type StatesCall = Call<StatesOperations>;

export interface MetricQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

export interface MetricResult {
  readonly Id: string;
  /** Seconds since 1970, one for each value. */
  readonly Timestamps?: readonly number[];
  readonly Values?: readonly number[];
}

export interface MetricAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly StateValue?: string;
  readonly StateReason?: string;
  /** Seconds since 1970. */
  readonly StateUpdatedTimestamp?: number;
}

/** In the JSON protocol of CloudWatch, with times in seconds since 1970. Only the members that are used. */
export interface CloudWatchOperations {
  DescribeAlarms(input: {
    readonly AlarmNamePrefix: string;
    readonly MaxRecords: number;
    readonly NextToken?: string;
  }): { readonly MetricAlarms?: readonly MetricAlarm[]; readonly NextToken?: string };
  GetMetricData(input: {
    readonly MetricDataQueries: readonly MetricQuery[];
    readonly StartTime: number;
    readonly EndTime: number;
  }): { readonly MetricDataResults?: readonly MetricResult[] };
}
export type CloudWatchCall = Call<CloudWatchOperations>;

export interface SecretsOperations {
  GetSecretValue(input: Secrets.GetSecretValueRequest): Pick<Secrets.GetSecretValueResponse, 'SecretString'>;
}
export type SecretsCall = Call<SecretsOperations>;

export interface SessionRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Permissions of the session: those of the role that the policy also allows. */
  readonly policy: string;
  readonly durationSeconds: number;
}
export type AssumeRole = (session: SessionRequest) => Promise<ExpiringCredentials>;

export interface ObjectAt {
  readonly bucket: string;
  readonly key: string;
}

export interface ListInput {
  readonly bucket: string;
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly delimiter?: '/' | undefined;
}

export interface ListOutput {
  readonly objects: readonly ListedObject[];
  /** Common prefixes of keys up to the next delimiter. */
  readonly folders: readonly string[];
  readonly isTruncated: boolean;
}

/** S3 has no operations in JSON, so these have their own form. */
export interface S3Calls {
  put(
    at: ObjectAt,
    body: Uint8Array,
    options: { contentType?: string | undefined; ifNoneMatch?: '*' },
  ): Promise<void>;
  get(
    at: ObjectAt,
    options: { range?: string | undefined; ifMatch?: string | undefined },
  ): Promise<Uint8Array>;
  head(at: ObjectAt): Promise<{ sizeBytes: number; etag: string }>;
  list(input: ListInput): Promise<ListOutput>;
  /** Deletes up to 1,000 objects; returns those that were not deleted. */
  delete(
    bucket: string,
    keys: readonly string[],
  ): Promise<readonly { key?: string; code?: string; message?: string }[]>;
  /** Uploads in parts of this size, of which `parallel` are sent at once. */
  upload(
    at: ObjectAt,
    body: AsyncIterable<Uint8Array>,
    options: { contentType?: string | undefined; partBytes: number; parallel: number },
  ): Promise<void>;
}

/** The operations of all services, with the credentials of the function. */
export interface Services {
  readonly dynamo: DynamoCall;
  readonly sqs: SqsCall;
  readonly s3: S3Calls;
  readonly states: StatesCall;
  readonly secrets: SecretsCall;
  readonly cloudWatch: CloudWatchCall;
  readonly assumeRole: AssumeRole;
  /** S3 with other credentials, which are requested again shortly before they expire. */
  s3With(load: () => Promise<ExpiringCredentials>): S3Calls;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ExpiringCredentials extends Credentials {
  /** Milliseconds since 1970; absent: unknown. */
  readonly expiresAt?: number;
}

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
