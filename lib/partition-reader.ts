import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allowList, allowReadAll, type JobBucket, namesOf, type ReadableBucket } from './job-bucket.ts';
import type { FunctionEnvironment } from './job-function.ts';
import type { JobResources } from './job-resources.ts';

/** The prefixes below which a partition may read, besides the objects of its jobs that only functions read. */
export const READABLE_AREAS = ['uploads', 'data', 'inbox', 'outputs', 'outcomes'];

export interface PartitionReaderProps {
  readonly bucket: JobBucket;
  readonly readBuckets: readonly ReadableBucket[];
}

/**
 * The role by which splitters and workers read for a partition. They assume it with a session policy that names the
 * partition; the role itself could read all partitions, and nobody uses it without one.
 */
export class PartitionReader extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { bucket, readBuckets }: PartitionReaderProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      description: 'jobtree: reads for one partition at a time',
      // Whoever assumes it needs that right, too, and only functions that read for jobs are given it.
      assumedBy: new AccountRootPrincipal(),
      inlinePolicies: {
        rights: new PolicyDocument({
          statements: [
            bucket.allow(['GetObject'], READABLE_AREAS),
            allowList(bucket.bucket),
            ...allowReadAll(readBuckets),
          ],
        }),
      },
    });
  }

  allowAssume(): PolicyStatement {
    return new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.role.roleArn] });
  }
}

type ReadResources = Pick<JobResources, 'bucket' | 'readBuckets' | 'reader'>;

/** The rights of a function that reads for jobs. */
export function allowReading({ bucket, readBuckets, reader }: ReadResources): PolicyStatement[] {
  if (reader !== undefined) return [reader.allowAssume()];
  return [bucket.allow(['GetObject'], READABLE_AREAS), ...allowReadAll(readBuckets)];
}

/** The variables of a function that reads for jobs. */
export function readingEnvironment(
  scope: Construct,
  { readBuckets, reader }: ReadResources,
): FunctionEnvironment {
  return {
    readBuckets: namesOf(scope, readBuckets),
    ...(reader === undefined ? {} : { readerRole: reader.role.roleArn }),
  };
}
