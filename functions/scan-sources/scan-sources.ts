/** Scans each source of the deployment in turn. */
import * as z from 'zod';
import { type BucketName, parseBucketName, parseObjectPrefix } from '#core/object-address.ts';
import type { Clock, Log, Objects, Random } from '#core/ports.ts';
import { bucketSource } from './bucket-source.ts';
import { type RequestResult, type ScanLimits, type ScannedJobs, scan } from './scan.ts';

/** Schema of the sources, which the stack passes in an environment variable. */
export const scannedSourcesSchema = z.array(
  z.strictObject({
    partition: z.string(),
    /** @default - the bucket of the service */
    bucket: z.string().transform(parseBucketName).optional(),
    prefix: z.string().transform(parseObjectPrefix),
    high: z.int(),
    low: z.int(),
    jobsPerScan: z.int(),
    maxItems: z.int(),
  }),
);
export type ScannedSource = z.output<typeof scannedSourcesSchema>[number];
/** Source before parsing, as the stack writes it. */
export type UnparsedSource = z.input<typeof scannedSourcesSchema>[number];

export interface ScanSourcesPorts {
  /** Returns the jobs of a partition. */
  readonly jobsOf: (partition: string) => ScannedJobs;
  /** Returns the objects of a bucket. */
  readonly objectsOf: (bucket: BucketName) => Objects;
  /** Bucket of the service. */
  readonly bucket: BucketName;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Scans all sources until the time is up. Returns the number of sources that failed. */
export async function scanSources(
  sources: readonly ScannedSource[],
  ports: ScanSourcesPorts,
  isTimeUp: () => boolean,
): Promise<number> {
  let failedSources = 0;
  // Start at a random source, so that the same sources are not always skipped when the time is short.
  const first = Math.floor(ports.random.next() * sources.length);
  for (const source of [...sources.slice(first), ...sources.slice(0, first)]) {
    if (isTimeUp()) break;
    try {
      await scanOne(source, ports, isTimeUp);
    } catch (error) {
      const { partition, prefix } = source;
      ports.log.warn('source could not be scanned', { partition, prefix, error: String(error) });
      failedSources += 1;
    }
  }
  return failedSources;
}

async function scanOne(
  { partition, prefix, bucket: namedBucket, ...limits }: ScannedSource & ScanLimits,
  { jobsOf, objectsOf, bucket: defaultBucket, clock, log }: ScanSourcesPorts,
  isTimeUp: () => boolean,
): Promise<void> {
  const bucket = namedBucket ?? defaultBucket;
  const report = (result: RequestResult) => log.info('request taken', { partition, ...result });
  const source = bucketSource(objectsOf(bucket), { bucket, prefix }, log);
  const summary = await scan({
    source,
    jobs: jobsOf(partition),
    limits,
    clock,
    report,
    isTimeUp,
  });
  log.info('source scanned', { partition, prefix, ...summary });
}
