import * as z from 'zod';
import { webHeaders } from '#contract/web-headers.ts';
import { namesItem, namesItemOutsideLists } from './template.ts';

export const httpDescription =
  'Sends each item, or all items of a chunk by one request, to an HTTPS endpoint: URL and body from templates, headers from a secret, retries when the server is busy, and keeps the answer.';

const path = z
  .string()
  .max(500)
  .describe('Names and indexes with dots between them; * stands for every member. Empty: the whole.');

const answers = z
  .strictObject({
    path: path.default('').describe('Where the answers stand: a list, or an object by the ids of the items.'),
    idPath: path
      .optional()
      .describe('Where an answer has the id of its item. Absent: a list is in their order.'),
    statusPath: path
      .optional()
      .describe('Where an answer has a status of its own, which counts like one of HTTP.'),
    errorPath: path.optional().describe('Where an answer has an error: what stands there fails its item.'),
  })
  .describe('Of a chunk, how the answer falls into those of its items. Absent: it is one for all of them.');

const parameters = z.strictObject({
  url: z
    .string()
    .max(4096)
    .regex(
      /^https?:\/\/[^/?#{}\s]+([/?#]\S*)?$/i,
      'must be https://host/…; {item.…} may stand behind the host only',
    )
    .describe('Template: {item.id}, {item.payload.name}, {item.payload.list.0}; values are percent-encoded.'),
  per: z
    .enum(['item', 'chunk'])
    .default('item')
    .describe('What a request is for: one item, or all items of a chunk (itemsPerTask of the job).'),
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
    .describe(
      'Template: a text, or JSON with placeholders in its texts; per chunk, the lists in which they stand are repeated for each item. Absent: the item as JSON, or the list of items.',
    ),
  bodyFormat: z
    .enum(['json', 'jsonl'])
    .default('json')
    .describe('What a body that is no text is sent as; as JSON Lines, a list is a line for each element.'),
  answers: answers.optional(),
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
export type HttpParameters = z.infer<typeof parameters>;

/** Rules in JSON Schema, so that the API rejects an invalid job at creation. */
const FOR_CHUNKS = {
  if: { properties: { per: { const: 'chunk' } }, required: ['per'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    properties: {
      url: { pattern: '^(?!.*\\{item)' },
      method: { enum: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      body: { type: ['array', 'object'] },
    },
  },
  dependentSchemas: { answers: { properties: { per: { const: 'chunk' } }, required: ['per'] } },
};

export const httpParameters = parameters
  .superRefine((given, context) => {
    for (const [name, message] of faultsOf(given))
      context.addIssue({ code: 'custom', path: [name], message });
  })
  .meta(FOR_CHUNKS);

function faultsOf({
  per,
  url,
  method,
  body,
  answers: split,
}: HttpParameters): [keyof HttpParameters, string][] {
  if (per === 'item') return split === undefined ? [] : [['answers', "needs per: 'chunk'"]];
  const faults: [keyof HttpParameters, string][] = [];
  if (namesItem(url)) faults.push(['url', "names an item, which per: 'chunk' has no single one of"]);
  if (method === 'GET' || method === 'HEAD') {
    faults.push(['method', `${method} has no body for the items; use POST, PUT, PATCH or DELETE`]);
  }
  if (typeof body === 'string') faults.push(['body', "must be JSON with a list, not a text, per: 'chunk'"]);
  else if (body !== undefined && !namesItem(body))
    faults.push(['body', 'names no item; put {item.…} into a list']);
  else if (namesItemOutsideLists(body)) {
    faults.push([
      'body',
      'names an item outside of a list; per: \'chunk\' repeats lists, such as ["{item.id}"]',
    ]);
  }
  return faults;
}
