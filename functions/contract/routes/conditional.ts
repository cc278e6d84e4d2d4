/** Members of routes that read or change something with a version: jobs, job types and templates. */
import type * as z from 'zod';

/** A read that responds with 304 if the client has the current version. */
export function conditionalGet<R extends z.ZodType>(response: R) {
  return {
    success: 200,
    requestHeaders: ['If-None-Match'],
    response,
    headers: ['ETag'],
    also: { 304: { when: 'If-None-Match names the version', headers: ['ETag'] } },
  } as const;
}

/** Creates or updates a document, unless If-Match names another version than the current one. */
export function conditionalPut<B extends z.ZodType, R extends z.ZodType>(body: B, response: R) {
  return {
    success: 200,
    requestHeaders: ['If-Match'],
    body,
    response,
    headers: ['ETag'],
    also: { 201: { when: 'Created', response, headers: ['ETag', 'Location'] } },
    problems: [409, 412],
  } as const;
}

/** Deletes a document, unless If-Match names another version than the current one. */
export const CONDITIONAL_DELETE = {
  success: 204,
  requestHeaders: ['If-Match'],
  problems: [409, 412],
} as const;
