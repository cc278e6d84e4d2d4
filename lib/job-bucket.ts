import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketNameProblem } from '#core/object-address.ts';
import { SPILLED_BLOCK } from '../functions/store/object-keys.ts';

export interface JobBucketProps {
  /** True if the bucket is deleted with its stack. It must be empty then. */
  readonly disposable: boolean;
}

/** A bucket of the user: the members of `IBucket` that are needed. */
export interface ReadableBucket {
  readonly bucketArn: string;
  readonly bucketName: string;
  arnForObjects(keyPattern: string): string;
}

type ObjectAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'AbortMultipartUpload';

/**
 * Bucket for requests, manifests, held chunks, outcomes and outputs of jobs, and for uploads of partitions.
 */
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

  /** Lets pages of these origins read and write objects by signed URLs. */
  allowPages(origins: readonly string[]): void {
    if (origins.length === 0) return;
    this.bucket.addCorsRule({
      allowedMethods: [HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT],
      allowedOrigins: [...origins],
      allowedHeaders: ['content-type', 'range'],
      exposedHeaders: ['ETag', 'Content-Range'],
      maxAge: 3600,
    });
  }

  /** Allows these actions on the objects below `prefixes`. */
  allow(actions: readonly ObjectAction[], prefixes: readonly string[]): PolicyStatement {
    return this.#statement(
      actions,
      prefixes.map((prefix) => `${prefix}/*`),
    );
  }

  /** Allows storing outcomes that are too large for a report, but not those that the tracker stored. */
  allowSpilledOutcomes(): PolicyStatement {
    return this.#statement(['PutObject'], [`outcomes/*/${SPILLED_BLOCK}*`]);
  }

  #statement(actions: readonly ObjectAction[], patterns: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: patterns.map((pattern) => this.bucket.arnForObjects(pattern)),
    });
  }
}

/** Allows listing. Without this permission, S3 responds with 403 instead of 404 for a missing object. */
export function allowList(...buckets: ReadableBucket[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: buckets.map(({ bucketArn }) => bucketArn),
  });
}

/** Returns the names of the buckets, in the format that functions compare. */
export function bucketNamesOf(scope: Construct, buckets: readonly ReadableBucket[]): string {
  return Stack.of(scope).toJsonString(buckets.map(({ bucketName }) => bucketName));
}

/** Throws if a name is not a bucket name that functions accept: an access point, an ARN, or a legacy name. */
export function checkReadBuckets(buckets: readonly ReadableBucket[]): void {
  for (const { bucketName } of buckets) {
    const problem = Token.isUnresolved(bucketName) ? undefined : bucketNameProblem(bucketName);
    if (problem !== undefined) throw new Error(`'${bucketName}' in readBuckets is not allowed: ${problem}`);
  }
}

/** Allows reading from the user's own buckets. */
export function allowReadAll(buckets: readonly ReadableBucket[]): PolicyStatement[] {
  if (buckets.length === 0) return [];
  const read = new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: buckets.map((bucket) => bucket.arnForObjects('*')),
  });
  return [read, allowList(...buckets)];
}
