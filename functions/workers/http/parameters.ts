import * as v from 'valibot';
import { count } from '#contract/integers.ts';
import { webHeaders } from '#contract/web-headers.ts';
import { namesItem, namesItemOutsideLists } from './template.ts';

export const httpDescription =
  'Sends each item, or all items of a chunk in one request, to an HTTPS endpoint and keeps the response. Fills URL and body from templates, adds headers from a secret, and retries when the server is busy.';

/** Names and indexes separated by dots. * matches every entry. Empty: the whole body. */
const path = v.pipe(v.string(), v.maxLength(500));

const answers = v.strictObject({
  path: v.optional(
    v.pipe(
      path,
      v.description('Path to the entries of the response: a list, or an object with item ids as names.'),
    ),
    '',
  ),
  idPath: v.optional(
    v.pipe(path, v.description('Path to the item id in an entry. Default: the list is in item order.')),
  ),
  statusPath: v.optional(
    v.pipe(path, v.description('Path to a status in an entry. It is treated like an HTTP status.')),
  ),
  errorPath: v.optional(
    v.pipe(path, v.description('Path to an error in an entry. A value there fails the item.')),
  ),
});

const parameters = v.strictObject({
  url: v.pipe(
    v.string(),
    v.maxLength(4096),
    v.regex(
      /^https?:\/\/[^/?#{}\s]+([/?#]\S*)?$/i,
      'must be https://host/…; {item.…} is allowed only after the host',
    ),
    v.description(
      'Template: {item.id}, {item.payload.name}, {item.payload.list.0}; values are percent-encoded.',
    ),
  ),
  per: v.optional(
    v.pipe(
      v.picklist(['item', 'chunk']),
      v.description('Scope of a request: one item, or all items of a chunk (itemsPerTask of the job).'),
    ),
    'item',
  ),
  method: v.optional(v.picklist(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']), 'POST'),
  headers: v.optional(v.pipe(webHeaders, v.description('Sent unchanged. Put secrets in `secret`.')), {}),
  secret: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(100),
      v.description('Name of a secret with additional headers. The stack must allow it for this origin.'),
    ),
  ),
  body: v.optional(
    v.pipe(
      v.unknown(),
      v.description(
        'Template: a string, or JSON with placeholders in its strings. Per chunk, lists with placeholders are repeated for each item. Default: the item, or the list of items, as JSON.',
      ),
    ),
  ),
  bodyFormat: v.optional(
    v.pipe(
      v.picklist(['json', 'jsonl']),
      v.description(
        'Format of a body that is not a string. As JSON Lines, each element of a list is one line.',
      ),
    ),
    'json',
  ),
  answers: v.optional(
    v.pipe(
      answers,
      v.description(
        'How to split the response for a chunk into entries for its items. Default: one response for all of them.',
      ),
    ),
  ),
  keep: v.optional(
    v.pipe(
      v.picklist(['output', 'part', 'status']),
      v.description(
        'What to keep of the response: the output {status, body}, a META part, or only the status.',
      ),
    ),
    'output',
  ),
  timeoutSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(120)), 30),
  maxAnswerBytes: v.optional(v.pipe(count, v.maxValue(10 * 1024 * 1024)), 1024 * 1024),
  ratePerSecond: v.optional(
    v.pipe(
      v.number(),
      v.gtValue(0),
      v.maxValue(1000),
      v.description(
        'Maximum number of requests that one instance of the worker starts per second. Several instances may run at once.',
      ),
    ),
  ),
});
export type HttpParameters = v.InferOutput<typeof parameters>;

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

export const httpParameters = v.pipe(
  parameters,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, message] of faultsOf(dataset.value)) {
      const value = dataset.value[key];
      addIssue({ message, path: [{ type: 'object', origin: 'value', input: dataset.value, key, value }] });
    }
  }),
  v.metadata(FOR_CHUNKS),
);

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
