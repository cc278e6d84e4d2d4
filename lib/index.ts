/** What a CDK app of your own uses: `import { JobService, Worker } from 'jobtree/cdk'`. */
export type { JobTypeProps } from './deployed-job-types.ts';
export type { TemplateProps } from './deployed-templates.ts';
export { JobService, type JobServiceProps, type SplitterProps } from './job-service.ts';
export { JobServiceStack, type JobServiceStackProps } from './job-service-stack.ts';
export type { RateLimitProps } from './rate-limits.ts';
export type { HttpSecret, InvokableFunction } from './shipped-workers.ts';
export type { SourceProps } from './source-scanning.ts';
export { Worker } from './worker.ts';
