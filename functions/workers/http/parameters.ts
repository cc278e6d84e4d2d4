import * as z from 'zod';
import { webHeaders } from '#contract/web-headers.ts';
import { namesItem, namesItemOutsideLists } from './template.ts';

export const httpDescription =
  'Sends each item, or all items of a chunk in one request, to an HTTPS endpoint and keeps the response. Fills URL and body from templates, adds headers from a secret, and retries when the server is busy.';

const path = z
  .string()
  .max(500)
  .describe('Names and indexes separated by dots. * matches every entry. Empty: the whole body.');

const answers = z
  .strictObject({
    path: path
      .default('')
      .describe('Path to the entries of the response: a list, or an object with item ids as names.'),
    idPath: path.optional().describe('Path to the item id in an entry. Default: the list is in item order.'),
    statusPath: path.optional().describe('Path to a status in an entry. It is treated like an HTTP status.'),
    errorPath: path.optional().describe('Path to an error in an entry. A value there fails the item.'),
  })
  .describe(
    'How to split the response for a chunk into entries for its items. Default: one response for all of them.',
  );

const parameters = z.strictObject({
  url: z
    .string()
    .max(4096)
    .regex(
      /^https?:\/\/[^/?#{}\s]+([/?#]\S*)?$/i,
      'must be https://host/…; {item.…} is allowed only after the host',
    )
    .describe('Template: {item.id}, {item.payload.name}, {item.payload.list.0}; values are percent-encoded.'),
  per: z
    .enum(['item', 'chunk'])
    .default('item')
    .describe('Scope of a request: one item, or all items of a chunk (itemsPerTask of the job).'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: webHeaders.default({}).describe('Sent unchanged. Put secrets in `secret`.'),
  secret: z
    .string()
    .max(100)
    .optional()
    .describe('Name of a secret with additional headers. The stack must allow it for this origin.'),
  body: z
    .unknown()
    .optional()
    .describe(
      'Template: a string, or JSON with placeholders in its strings. Per chunk, lists with placeholders are repeated for each item. Default: the item, or the list of items, as JSON.',
    ),
  bodyFormat: z
    .enum(['json', 'jsonl'])
    .default('json')
    .describe('Format of a body that is not a string. As JSON Lines, each element of a list is one line.'),
  answers: answers.optional(),
  keep: z
    .enum(['output', 'part', 'status'])
    .default('output')
    .describe('What to keep of the response: the output {status, body}, a META part, or only the status.'),
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
    .describe(
      'Maximum number of requests that one instance of the worker starts per second. Several instances may run at once.',
    ),
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
  .superRefine((parametersOfJob, context) => {
    for (const [name, message] of faultsOf(parametersOfJob))
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
  if (per === 'item') return split === undefined ? [] : [['answers', "requires per: 'chunk'"]];
  const faults: [keyof HttpParameters, string][] = [];
  if (namesItem(url))
    faults.push(['url', "names an item, but per: 'chunk' sends several items in one request"]);
  if (method === 'GET' || method === 'HEAD') {
    faults.push(['method', `${method} has no body for the items; use POST, PUT, PATCH or DELETE`]);
  }
  if (typeof body === 'string')
    faults.push(['body', "must be JSON with a list, not a string, with per: 'chunk'"]);
  else if (body !== undefined && !namesItem(body))
    faults.push(['body', 'does not name an item; put {item.…} into a list']);
  else if (namesItemOutsideLists(body)) {
    faults.push(['body', 'names an item outside a list; per: \'chunk\' needs a list, such as ["{item.id}"]']);
  }
  return faults;
}
