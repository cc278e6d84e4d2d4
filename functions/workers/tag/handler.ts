import { lambdaHandler } from '#kit/lambda.ts';
import { tag } from './tag.ts';

export const handler = lambdaHandler(tag);
