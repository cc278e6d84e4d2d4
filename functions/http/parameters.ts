import * as z from 'zod';
import { webHeaders } from '#contract/web-headers.ts';

export const httpDescription =
  'Sends each item to an HTTPS endpoint: URL and body from templates, headers from a secret, retries when the server is busy, and keeps the answer.';

export const httpParameters = z.strictObject({
  url: z
    .string()
    .max(4096)
    .regex(
      /^https?:\/\/[^/?#{}\s]+([/?#]\S*)?$/i,
      'must be https://host/…; {item.…} may stand behind the host only',
    )
    .describe('Template: {item.id}, {item.payload.name}, {item.payload.list.0}; values are percent-encoded.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: webHeaders.default({}).describe('Sent as they are; secrets belong in `secret`.'),
  secret: z
    .string()
    .max(100)
    .optional()
    .describe('Name of a secret that the stack allows for this origin; it holds more headers.'),
  body: z
    .unknown()
    .optional()
    .describe('Template: a text, or JSON with placeholders in its texts. Absent: the item as JSON.'),
  keep: z
    .enum(['output', 'part', 'status'])
    .default('output')
    .describe('The answer becomes the output {status, body}, a META part, or only its status is kept.'),
  timeoutSeconds: z.number().min(1).max(120).default(30),
  maxAnswerBytes: z
    .int()
    .min(0)
    .max(10 * 1024 * 1024)
    .default(1024 * 1024),
  ratePerSecond: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe('Requests that one instance of the worker starts per second; several may run at once.'),
});
export type HttpParameters = z.infer<typeof httpParameters>;
