import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { JobService, type JobServiceProps } from './job-service.ts';

export interface JobServiceStackProps extends Omit<JobServiceProps, 'readBuckets'>, StackProps {
  /** Names of buckets that splitters and workers may read. @default - only the bucket of the service */
  readonly readBucketNames?: readonly string[];
}

/** A job service as a stack of its own, with the addresses that clients and the local commands ask for. */
export class JobServiceStack extends Stack {
  readonly jobs: JobService;

  constructor(scope: Construct, id: string, props: JobServiceStackProps = {}) {
    super(scope, id, props);
    const readBuckets = (props.readBucketNames ?? []).map((name) => Bucket.fromBucketName(this, name, name));
    this.jobs = new JobService(this, 'Jobs', { ...props, readBuckets });
    const { restApi, table, bucket, functions } = this.jobs;
    const names = functions.map((each) => [each.name, each.functionName]);
    new CfnOutput(this, 'ApiId', { value: restApi.restApiId });
    new CfnOutput(this, 'ApiUrl', { value: restApi.url });
    new CfnOutput(this, 'BucketName', { value: bucket.bucket.bucketName });
    new CfnOutput(this, 'TableName', { value: table.table.tableName });
    new CfnOutput(this, 'Functions', { value: this.toJsonString(Object.fromEntries(names)) });
  }
}
