/** Constructs for your CDK app: `import { JobService, Worker } from 'jobtree/cdk'`. */
export type { SplitterDefinition, WorkerDefinition } from './definition.ts';
export type { JobTypeProps } from './deployed-job-types.ts';
export type { TemplateProps } from './deployed-templates.ts';
export { JobService } from './job-service.ts';
export type { JobServiceProps } from './job-service-props.ts';
export { JobServiceStack, type JobServiceStackProps } from './job-service-stack.ts';
export type { OfficeToPdfProps } from './office-worker.ts';
export type { RateLimitProps } from './rate-limits.ts';
export type { ConsoleProps } from './service-pages.ts';
export type { HttpSecret, InvokableFunction } from './shipped-workers.ts';
export type { SourceProps } from './source-scanning.ts';
export { type EntrySplitterProps, Splitter } from './splitter.ts';
export type { PublicJwk, TokenIssuer } from './token-issuer.ts';
export { type DefinedWorkerProps, type HandlerWorkerProps, Worker, type WorkerProps } from './worker.ts';
