import { lambdaHandler } from '../../clients/worker/lambda.ts';
import { tag } from './tag.ts';

export const handler = lambdaHandler(tag);
