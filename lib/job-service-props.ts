import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { JobTypeProps } from './deployed-job-types.ts';
import type { TemplateProps } from './deployed-templates.ts';
import type { ReadableBucket } from './job-bucket.ts';
import type { OfficeToPdfProps } from './office-worker.ts';
import type { RateLimitProps } from './rate-limits.ts';
import type { ConsoleProps } from './service-pages.ts';
import type { HttpSecret, InvokableFunction } from './shipped-workers.ts';
import type { SourceProps } from './source-scanning.ts';
import type { Splitter } from './splitter.ts';
import type { TokenIssuer } from './token-issuer.ts';
import type { Worker } from './worker.ts';

export interface JobServiceProps {
  /** Issuers whose tokens the API accepts. @default - none: the API refuses every request */
  readonly auth?: readonly TokenIssuer[];
  /**
   * The console at `/console` and the docs at `/docs`, or `false` for neither. @default - a console in which
   * people paste a token
   */
  readonly console?: false | ConsoleProps;
  /** Your workers, by name. @default - only the workers included in jobtree */
  readonly workers?: Readonly<Record<string, Worker>>;
  /** Your splitters, by name. @default - only the splitters included in jobtree */
  readonly splitters?: Readonly<Record<string, Splitter>>;
  /**
   * Your job types, by name. The API shows them but cannot change them. @default - only the included job
   * types
   */
  readonly jobTypes?: Readonly<Record<string, JobTypeProps>>;
  /**
   * Your templates, by name. The API shows them but cannot change them. @default - only the included
   * templates
   */
  readonly templates?: Readonly<Record<string, TemplateProps>>;
  /** Buckets that splitters and the worker kit may read. @default - only the bucket of the service */
  readonly readBuckets?: readonly ReadableBucket[];
  /**
   * Secrets whose headers the worker `http` may send, by name, for all partitions or for some. @default none
   */
  readonly httpSecrets?: Readonly<Record<string, HttpSecret>>;
  /**
   * Functions that the worker `invoke-lambda` may call, by name, for all partitions or for some. @default
   * none
   */
  readonly invokableFunctions?: Readonly<Record<string, IFunction | InvokableFunction>>;
  /** Public ports that may be called over HTTPS, in addition to 443. @default none */
  readonly webPorts?: readonly number[];
  /**
   * Allows jobs to call plain HTTP and any address, including this machine. Requires `local`. @default false
   */
  readonly webIsLocal?: boolean;
  /**
   * Includes the document workers (extract-text, to-pdf, merge-pdf, to-tiff) and the templates and job types
   * that use them. They need packages that jobtree does not install; synth lists the missing ones. @default
   * false
   */
  readonly documents?: boolean;
  /**
   * Includes the worker office-to-pdf, which runs LibreOffice. On AWS it is a container image, so `cdk deploy` needs
   * Docker; on an emulator it uses the `soffice` of the machine (docs/how-to/convert-office-documents.md). @default false
   */
  readonly officeToPdf?: boolean | OfficeToPdfProps;
  /**
   * Font files (TTF or OTF) for characters that the fonts of to-pdf and merge-pdf lack, such as Chinese, Japanese and
   * Korean, in the order in which they are tried. Paths are relative to the folder of the app. @default - none: such
   * characters are replaced and counted
   */
  readonly documentFonts?: readonly string[];
  /** Bucket locations that are scanned for requests to create jobs from (docs/how-to/scan-a-folder.md). @default - none */
  readonly sources?: readonly SourceProps[];
  /** Maximum number of items per job, up to 100 million. @default - a million */
  readonly maxItems?: number;
  /**
   * Time that a job without an expiry policy for `active` may be Active without progress before it expires:
   * an ISO 8601 duration, or `none`. Pauses do not count. @default - P7D
   */
  readonly idleLimit?: string;
  /** Rate limits of partitions. @default - 100 requests per second with bursts of 500, for each partition */
  readonly rateLimits?: RateLimitProps;
  /**
   * Origins of web pages that may call the API, such as `https://app.example.com`. The console of the stack
   * needs none. @default - no page of another origin
   */
  readonly corsOrigins?: readonly string[];
  /** Maximum size of an upload in bytes, up to the 5 GiB that S3 accepts in one request. @default - 5 GiB */
  readonly maxUploadBytes?: number;
  /**
   * Maximum number of concurrent runs of one function per queue, 2 to 1000.
   * @default - an even share of maxTotalConcurrency, at most 100, and 4 if local
   */
  readonly maxConcurrency?: number;
  /**
   * True if splitters and workers read for a partition with the credentials of a session that can read
   * nothing else. Emulators ignore IAM, so sessions would only add calls there. @default - true, and false if
   * local
   */
  readonly partitionSessions?: boolean;
  /**
   * Maximum number of concurrent runs of all queues and the API's reservation. @default - 900 of an account's
   * 1,000
   */
  readonly maxTotalConcurrency?: number;
  /**
   * Reserved concurrency of the API, which is also its maximum. @default - shares the concurrency of the
   * account
   */
  readonly reservedApiConcurrency?: number;
  /** For an emulator: stored data is deleted with the stack, and limits fit a laptop. @default - false */
  readonly local?: boolean;
}
