import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { READABLE_AREAS } from '../functions/store/object-keys.ts';
import { allowList, allowReadAll, type JobBucket, type ReadableBucket } from './job-bucket.ts';

export interface PartitionReaderProps {
  readonly bucket: JobBucket;
  readonly readBuckets: readonly ReadableBucket[];
}

/**
 * The role with which splitters and workers read for a partition. They assume it with a session policy for
 * that partition. The role itself can read all partitions, and is never used without a session policy.
 */
export class PartitionReader extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { bucket, readBuckets }: PartitionReaderProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      description: 'jobtree: reads for one partition at a time',
      // A caller also needs sts:AssumeRole, which only functions that read for jobs are granted.
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
