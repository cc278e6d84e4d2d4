import { splitHandler } from './split-handler.ts';

export const handler = splitHandler();
