/** Scans each source of the deployment in turn. */
import * as z from 'zod';
import { type BucketName, parseBucketName, parseObjectPrefix } from '#core/object-address.ts';
import type { Clock, Log, Objects, Random } from '#core/ports.ts';
import { bucketSource } from './bucket-source.ts';
import { type ScanLimits, type ScannedJobs, scan, type Taken } from './scan.ts';

/** Schema of the sources, which the stack passes in an environment variable. */
export const scannedSources = z.array(
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
export type ScannedSource = z.output<typeof scannedSources>[number];
/** Source before parsing, as the stack writes it. */
export type WrittenSource = z.input<typeof scannedSources>[number];

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
  isOver: () => boolean,
): Promise<number> {
  let failed = 0;
  // Start at a random source, so that the same sources are not always skipped when the time is short.
  const first = Math.floor(ports.random.next() * sources.length);
  for (const source of [...sources.slice(first), ...sources.slice(0, first)]) {
    if (isOver()) break;
    try {
      await scanOne(source, ports, isOver);
    } catch (error) {
      const { partition, prefix } = source;
      ports.log.warn('source could not be scanned', { partition, prefix, error: String(error) });
      failed += 1;
    }
  }
  return failed;
}

async function scanOne(
  { partition, prefix, bucket: named, ...limits }: ScannedSource & ScanLimits,
  { jobsOf, objectsOf, bucket: own, clock, log }: ScanSourcesPorts,
  isOver: () => boolean,
): Promise<void> {
  const bucket = named ?? own;
  const tell = (taken: Taken) => log.info('request taken', { partition, ...taken });
  const source = bucketSource(objectsOf(bucket), { bucket, prefix }, log);
  const scanned = await scan({ source, jobs: jobsOf(partition), limits, clock, tell, isOver });
  log.info('source scanned', { partition, prefix, ...scanned });
}
