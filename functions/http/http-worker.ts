import { createHash } from 'node:crypto';
import { type AllowedSecrets, notAllowed } from '#contract/allow-lists.ts';
import { collected } from '#core/byte-stream.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import type { FieldSource } from '#core/item-fields.ts';
import type { Clock, WebAnswer } from '#core/ports.ts';
import { defineWorker, type WorkerContext } from '../../clients/worker/define-worker.ts';
import type { ReadSecret } from '../aws/secrets.ts';
import { bodyOf, failureOfStatus, hostOf, sendToWeb } from '../store/web-failures.ts';
import { Pace } from './pace.ts';
import { type HttpParameters, httpDescription, httpParameters } from './parameters.ts';
import { filledBody, filledUrl } from './template.ts';

export interface HttpPorts {
  readonly clock: Clock;
  readonly readSecret: ReadSecret;
  readonly allowedSecrets: () => AllowedSecrets;
}

type Context = WorkerContext<HttpParameters>;
type Headers = Readonly<Record<string, string>>;

const MAX_REASON_CHARACTERS = 200;

/** The worker `http`: sends each item to an endpoint and keeps the answer. */
export function httpWorker(ports: HttpPorts) {
  const pace = new Pace(ports.clock);
  return defineWorker<HttpParameters>({
    name: 'http',
    description: httpDescription,
    parameters: httpParameters,
    concurrency: 10,
    async run(item, context) {
      const { url: template, method, ratePerSecond, timeoutSeconds, headers } = context.parameters;
      const source = sourceOf(item);
      const url = filledUrl(template, source);
      const body = method === 'GET' || method === 'HEAD' ? undefined : bodyFor(context, source);
      const sent = {
        // The same for every try of the item, so that the endpoint can tell a repetition.
        'idempotency-key': keyOf(context, item),
        ...(body && { 'content-type': body.type }),
        ...lowerCased(headers),
        ...(await secretHeaders(ports, context, url)),
      };
      const { signal, web } = context;
      if (ratePerSecond !== undefined) await pace.wait(new URL(url).origin, ratePerSecond, signal);
      const request = { url, method, headers: sent, timeoutSeconds, signal };
      const answer = await sendToWeb(web, body === undefined ? request : { ...request, body: body.text });
      return keptAnswer(url, answer, context, ports.clock.now());
    },
  });
}

function sourceOf({ id, payload, parts }: Item): FieldSource {
  return { id, payload, ...(parts === undefined ? {} : { parts }) };
}

function bodyFor({ parameters }: Context, source: FieldSource): { text: string; type: string } {
  if (typeof parameters.body === 'string') {
    const filled = filledBody(parameters.body, source);
    const text = typeof filled === 'string' ? filled : JSON.stringify(filled);
    return { text, type: 'text/plain; charset=utf-8' };
  }
  const value = parameters.body === undefined ? source : filledBody(parameters.body, source);
  return { text: JSON.stringify(value), type: 'application/json' };
}

function keyOf({ partition, job }: Context, { id }: Item): string {
  return createHash('sha256')
    .update(JSON.stringify([partition, job, id]))
    .digest('hex');
}

function lowerCased(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Only for the origins that the stack names beside the secret: whoever writes jobs must not carry it elsewhere. */
async function secretHeaders(ports: HttpPorts, { parameters }: Context, url: string): Promise<Headers> {
  const { secret: name } = parameters;
  if (name === undefined) return {};
  const allowed = ports.allowedSecrets();
  const secret = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  if (secret === undefined) {
    throw new PermanentFailure('secret-forbidden', notAllowed('secret', name, allowed, 'httpSecrets'));
  }
  const { origin } = new URL(url);
  if (!secret.origins.includes(origin)) {
    throw new PermanentFailure(
      'secret-forbidden',
      `secret '${name}' may be sent to ${secret.origins.join(', ')}, not to ${origin}; see httpSecrets of the stack`,
    );
  }
  return lowerCased(headersIn(name, await ports.readSecret(secret.arn)));
}

function headersIn(name: string, text: string): Headers {
  try {
    const headers = JSON.parse(text) as Record<string, unknown>;
    const values = Object.values(headers);
    if (!Array.isArray(headers) && values.every((value) => typeof value === 'string'))
      return headers as Headers;
  } catch {
    // What is wrong with it must not show any of it.
  }
  throw new PermanentFailure(
    'secret-unusable',
    `secret '${name}' is no JSON object of headers, such as {"Authorization": "Bearer …"}`,
  );
}

async function keptAnswer(url: string, answer: WebAnswer, context: Context, now: number): Promise<unknown> {
  const { keep, maxAnswerBytes } = context.parameters;
  const { status, headers } = answer;
  const isSuccess = status >= 200 && status < 300;
  const bytes = await collected(bodyOf(url, answer), maxAnswerBytes);
  if (!isSuccess) {
    const reason = bytes === 'too-large' ? '' : reasonIn(bytes);
    const code = `http-${status}`;
    throw failureOfStatus(url, answer, { code, retryableCode: code, now, reason });
  }
  if (keep === 'status') return { status };
  if (bytes === 'too-large') {
    throw new PermanentFailure(
      'answer-too-large',
      `${hostOf(url)} answered more than ${maxAnswerBytes} bytes; raise maxAnswerBytes, or keep the status only`,
    );
  }
  const mimeType = headers['content-type'] ?? 'application/octet-stream';
  if (keep === 'output') return { status, body: parsedBody(bytes, mimeType) };
  await context.putPart({ filename: 'answer', mimeType, body: bytes, type: 'META' });
  return { status };
}

function reasonIn(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * MAX_REASON_CHARACTERS));
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON_CHARACTERS).toWellFormed();
}

function parsedBody(bytes: Uint8Array, mimeType: string): unknown {
  const text = new TextDecoder().decode(bytes);
  if (text === '') return null;
  if (!/\bjson\b/i.test(mimeType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
