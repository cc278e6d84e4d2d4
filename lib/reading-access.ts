/** Permissions and variables of the functions that read for jobs. */
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { omitUndefined } from '#core/omit-undefined.ts';
import { READABLE_AREAS } from '../functions/store/object-keys.ts';
import { allowReadAll, bucketNamesOf } from './job-bucket.ts';
import type { FunctionEnvironment } from './job-function.ts';
import type { JobResources } from './job-resources.ts';

type ReadResources = Pick<JobResources, 'bucket' | 'readBuckets' | 'reader'>;

/** Permissions of a function that reads for jobs. */
export function allowReading({ bucket, readBuckets, reader }: ReadResources): PolicyStatement[] {
  if (reader !== undefined) return [reader.allowAssume()];
  return [bucket.allow(['GetObject'], READABLE_AREAS), ...allowReadAll(readBuckets)];
}

/** Variables of a function that reads for jobs. */
export function readingEnvironment(
  scope: Construct,
  { readBuckets, reader }: ReadResources,
): FunctionEnvironment {
  return {
    readBuckets: bucketNamesOf(scope, readBuckets),
    ...omitUndefined({ readerRole: reader?.role.roleArn }),
  };
}
