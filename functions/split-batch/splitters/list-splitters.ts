/** Splitters of numbers, and of lists that other systems or jobtree itself provide. */
export { jobResults } from './job-results.ts';
export { firstStepItems, outcomesOfStep } from './outcomes.ts';
export { query } from './query.ts';
export { range } from './range.ts';
export { s3Prefix } from './s3-prefix.ts';
export { stepResults } from './step-results.ts';
