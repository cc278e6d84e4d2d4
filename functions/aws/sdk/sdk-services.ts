/** The services with the clients of the AWS SDK. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateStateMachineCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type {
  AssumeRole,
  Call,
  CloudWatchCall,
  DynamoCall,
  SecretsCall,
  Services,
  SqsCall,
  StatesCall,
} from '../calls.ts';
import { clientSettings } from './client-settings.ts';
import { deployedS3, type S3Options } from './sdk-s3.ts';

const DYNAMO = {
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
  TransactWriteItems: TransactWriteItemsCommand,
};
const SQS = {
  SendMessageBatch: SendMessageBatchCommand,
  ReceiveMessage: ReceiveMessageCommand,
  DeleteMessageBatch: DeleteMessageBatchCommand,
  ChangeMessageVisibilityBatch: ChangeMessageVisibilityBatchCommand,
  GetQueueAttributes: GetQueueAttributesCommand,
};
const STATES = {
  CreateStateMachine: CreateStateMachineCommand,
  UpdateStateMachine: UpdateStateMachineCommand,
  StartExecution: StartExecutionCommand,
  StopExecution: StopExecutionCommand,
  SendTaskSuccess: SendTaskSuccessCommand,
  SendTaskFailure: SendTaskFailureCommand,
};

// biome-ignore lint/suspicious/noExplicitAny: the types of commands differ per client; `Call` states what they take
type Sender = { send(command: any): Promise<any> };
// biome-ignore lint/suspicious/noExplicitAny: as above
type Commands = Readonly<Record<string, new (input: any) => unknown>>;

function callOf<Operations>(client: Sender, commands: Commands): Call<Operations> {
  return (operation, input) => {
    const Command = commands[operation];
    if (Command === undefined) throw new Error(`the SDK has no command for ${operation} here`);
    return client.send(new Command(input));
  };
}

export const sdkDynamo = (client: DynamoDBClient): DynamoCall => callOf(client, DYNAMO);
export const sdkSqs = (client: SQSClient): SqsCall => callOf(client, SQS);
export const sdkStates = (client: SFNClient): StatesCall => callOf(client, STATES);
export const sdkSecrets = (client: SecretsManagerClient): SecretsCall =>
  callOf(client, { GetSecretValue: GetSecretValueCommand });

export function sdkAssumeRole(client: STSClient): AssumeRole {
  return async ({ roleArn, sessionName, policy, durationSeconds }) => {
    const { Credentials: issued } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        Policy: policy,
        DurationSeconds: durationSeconds,
      }),
    );
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = issued ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
      throw new Error(`STS returned no credentials for role ${roleArn}`);
    const expiresAt = issued?.Expiration?.getTime();
    return { accessKeyId, secretAccessKey, sessionToken, ...omitUndefined({ expiresAt }) };
  };
}

/** Alarms and ages of messages are not worth another client in the bundle. The API shows queues without them. */
const noCloudWatch: CloudWatchCall = async (operation) => {
  throw new Error(
    `CloudWatch ${operation} needs the signed client; the SDK of this bundle has no client for it`,
  );
};

export function sdkServices(options: Omit<S3Options, 'load'>): Services {
  const settings = { ...clientSettings(10), ...options.settings };
  return {
    dynamo: sdkDynamo(new DynamoDBClient(settings)),
    sqs: sdkSqs(new SQSClient(settings)),
    states: sdkStates(new SFNClient(settings)),
    secrets: sdkSecrets(new SecretsManagerClient(settings)),
    cloudWatch: noCloudWatch,
    assumeRole: sdkAssumeRole(new STSClient(settings)),
    s3: deployedS3(options),
    s3With: (load) => deployedS3({ ...options, load }),
  };
}
