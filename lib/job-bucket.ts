import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketNameProblem } from '#core/object-address.ts';

export interface JobBucketProps {
  /** Whether the bucket may go with its stack (it must be empty then). */
  readonly disposable: boolean;
}

/** A bucket of the users: the members of `IBucket` that are needed. */
export interface ReadableBucket {
  readonly bucketArn: string;
  readonly bucketName: string;
  arnForObjects(keyPattern: string): string;
}

type ObjectAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'AbortMultipartUpload';

/** Requests, manifests, held chunks, outcomes and outputs of jobs, and what partitions upload. */
export class JobBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { disposable }: JobBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Objects', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ id: 'abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  /** Leave to do these to the objects below `prefixes`. */
  allow(actions: readonly ObjectAction[], prefixes: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}/*`)),
    });
  }
}

/** Leave to list; without it S3 answers 403 instead of 404 for an object that is not there. */
export function allowList(...buckets: ReadableBucket[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: buckets.map(({ bucketArn }) => bucketArn),
  });
}

/** Their names, as functions compare them. */
export function namesOf(scope: Construct, buckets: readonly ReadableBucket[]): string {
  return Stack.of(scope).toJsonString(buckets.map(({ bucketName }) => bucketName));
}

/** Throws where a name is no bucket: an access point, an ARN, a name of old that functions would refuse. */
export function checkReadBuckets(buckets: readonly ReadableBucket[]): void {
  for (const { bucketName } of buckets) {
    const problem = Token.isUnresolved(bucketName) ? undefined : bucketNameProblem(bucketName);
    if (problem !== undefined) throw new Error(`'${bucketName}' in readBuckets is not accepted: ${problem}`);
  }
}

/** Leave to read what users keep in buckets of their own. */
export function allowReadAll(buckets: readonly ReadableBucket[]): PolicyStatement[] {
  if (buckets.length === 0) return [];
  const read = new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: buckets.map((bucket) => bucket.arnForObjects('*')),
  });
  return [read, allowList(...buckets)];
}
