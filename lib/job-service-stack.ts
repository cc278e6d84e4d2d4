import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { NamedFunction, NamedSecret } from './allowed-by-name.ts';
import { JobService } from './job-service.ts';
import type { JobServiceProps } from './job-service-props.ts';
import type { HttpSecret, InvokableFunction } from './shipped-workers.ts';

export interface JobServiceStackProps extends Omit<JobServiceProps, 'readBuckets'>, StackProps {
  /** Names of buckets that splitters and workers may read. @default - only the bucket of the service */
  readonly readBucketNames?: readonly string[];
  /**
   * Secrets for the worker `http` by their names in Secrets Manager, in addition to `httpSecrets`. @default
   * none
   */
  readonly httpSecretNames?: readonly NamedSecret[];
  /** Functions for the worker `invoke-lambda` by name, in addition to `invokableFunctions`. @default none */
  readonly invokableFunctionNames?: readonly NamedFunction[];
}

/** A stack with one job service. Its outputs are the addresses that clients and the local commands need. */
export class JobServiceStack extends Stack {
  readonly jobs: JobService;

  constructor(scope: Construct, id: string, props: JobServiceStackProps = {}) {
    super(scope, id, props);
    const readBuckets = (props.readBucketNames ?? []).map((name) => Bucket.fromBucketName(this, name, name));
    const httpSecrets = { ...props.httpSecrets, ...this.#secrets(props.httpSecretNames ?? []) };
    const invokableFunctions = {
      ...props.invokableFunctions,
      ...this.#functions(props.invokableFunctionNames ?? []),
    };
    this.jobs = new JobService(this, 'Jobs', { ...props, readBuckets, httpSecrets, invokableFunctions });
    const { restApi, url, table, bucket, functions } = this.jobs;
    const names = functions.map((each) => [each.name, each.functionName]);
    new CfnOutput(this, 'ApiId', { value: restApi.restApiId });
    new CfnOutput(this, 'ApiUrl', { value: url });
    new CfnOutput(this, 'BucketName', { value: bucket.bucket.bucketName });
    new CfnOutput(this, 'TableName', { value: table.table.tableName });
    new CfnOutput(this, 'Functions', { value: this.toJsonString(Object.fromEntries(names)) });
  }

  #secrets(named: readonly NamedSecret[]): Record<string, HttpSecret> {
    return Object.fromEntries(
      named.map(({ name, ...allowed }) => {
        return [name, { secret: Secret.fromSecretNameV2(this, `Secret ${name}`, name), ...allowed }];
      }),
    );
  }

  #functions(named: readonly NamedFunction[]): Record<string, InvokableFunction> {
    return Object.fromEntries(
      named.map(({ name, ...allowed }) => {
        return [
          name,
          { function: LambdaFunction.fromFunctionName(this, `Function ${name}`, name), ...allowed },
        ];
      }),
    );
  }
}
