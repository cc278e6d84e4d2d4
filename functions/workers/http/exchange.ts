/** Sends one request of the worker `http` and interprets the response. */
import { type AllowedSecrets, allowedEntry, notAllowedMessage, SECRETS } from '#contract/allow-lists.ts';
import { collectBytes } from '#core/byte-stream.ts';
import { PermanentFailure } from '#core/errors.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, WebRequest } from '#core/ports.ts';
import type { JobContext, WorkerContext } from '#kit/define-worker.ts';
import type { ReadSecret } from '../../aws/secrets.ts';
import { shownText, textOfAnswer } from '../../sources/web-content.ts';
import { bodyOf, failureOfStatus, hostOf, sendToWeb } from '../../sources/web-failures.ts';
import type { Pace } from './pace.ts';
import type { HttpParameters } from './parameters.ts';

export interface HttpPorts {
  readonly clock: Clock;
  readonly readSecret: ReadSecret;
  readonly allowedSecrets: () => AllowedSecrets;
}

export interface ExchangePorts extends HttpPorts {
  readonly pace: Pace;
}

export interface Message {
  readonly url: string;
  readonly body?: { readonly text: string; readonly type: string } | undefined;
  readonly idempotencyKey: string;
}

/** Successful response. If the job keeps only the status, the body of a response above the size limit is empty. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

type Headers = Readonly<Record<string, string>>;

const MAX_REASON_CHARACTERS = 200;

/** Sends the request. Throws the failure of the item or items. */
export async function exchange(
  ports: ExchangePorts,
  context: JobContext<HttpParameters>,
  { url, body, idempotencyKey }: Message,
): Promise<Answer> {
  const { method, ratePerSecond, timeoutSeconds, headers } = context.parameters;
  const requestHeaders = {
    // Same key on every attempt, so that the endpoint can detect a repeated request.
    'idempotency-key': idempotencyKey,
    ...omitUndefined({ 'content-type': body?.type }),
    ...withLowerCaseNames(headers),
    ...(await secretHeaders(ports, context, url)),
  };
  const { signal, web } = context;
  if (ratePerSecond !== undefined) await ports.pace.wait(new URL(url).origin, ratePerSecond, signal);
  const request: WebRequest = { url, method, headers: requestHeaders, timeoutSeconds, signal };
  const answer = await sendToWeb(web, body === undefined ? request : { ...request, body: body.text });
  const { keep, maxAnswerBytes } = context.parameters;
  const bytes = await collectBytes(bodyOf(url, answer), maxAnswerBytes);
  if (answer.status < 200 || answer.status >= 300) {
    const reason = bytes === 'too-large' ? '' : reasonIn(await shownText(answer.headers, bytes));
    const code = `http-${answer.status}`;
    throw failureOfStatus(url, answer, { code, retryableCode: code, now: ports.clock.now(), reason });
  }
  if (bytes !== 'too-large') return { ...answer, bytes };
  if (keep === 'status') return { ...answer, bytes: new Uint8Array() };
  throw new PermanentFailure(
    'answer-too-large',
    `${hostOf(url)} responded with more than ${maxAnswerBytes} bytes; raise maxAnswerBytes, or keep only the status`,
  );
}

function withLowerCaseNames(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Sends the secret only to the origins configured with it, so that a job author cannot send it elsewhere. */
async function secretHeaders(
  ports: HttpPorts,
  { parameters, partition }: JobContext<HttpParameters>,
  url: string,
): Promise<Headers> {
  const { secret: name } = parameters;
  if (name === undefined) return {};
  const allowed = ports.allowedSecrets();
  const secret = allowedEntry(allowed, name, partition);
  if (secret === undefined) {
    throw new PermanentFailure('secret-forbidden', notAllowedMessage(SECRETS, name, allowed, partition));
  }
  const { origin } = new URL(url);
  if (!secret.origins.includes(origin)) {
    throw new PermanentFailure(
      'secret-forbidden',
      `secret '${name}' may be sent to ${secret.origins.join(', ')}, not to ${origin}; see httpSecrets of the stack`,
    );
  }
  return withLowerCaseNames(headersIn(name, await ports.readSecret(secret.arn)));
}

function headersIn(name: string, text: string): Headers {
  try {
    const headers = JSON.parse(text) as Record<string, unknown>;
    const values = Object.values(headers);
    if (!Array.isArray(headers) && values.every((value) => typeof value === 'string'))
      return headers as Headers;
  } catch {
    // Drop the parser's error: it quotes the secret.
  }
  throw new PermanentFailure(
    'secret-unusable',
    `secret '${name}' is not a JSON object of headers, such as {"Authorization": "Bearer …"}`,
  );
}

export function reasonIn(text: string): string {
  const begin = text.slice(0, 4 * MAX_REASON_CHARACTERS);
  return begin.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON_CHARACTERS).toWellFormed();
}

/** Returns the body of a response as JSON if possible, else as text, or `null` if it is empty. */
async function parsedBody({ bytes, headers }: Answer, url: string): Promise<unknown> {
  const decoded = await textOfAnswer(headers, bytes);
  if (decoded.kind === 'unreadable') {
    throw new PermanentFailure(
      'answer-unreadable',
      `the response of ${hostOf(url)} ${decoded.reason}. Correct the server, or keep the response as a part.`,
    );
  }
  const { text } = decoded;
  if (text === '') return null;
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

export interface ItemAnswer {
  readonly status: number;
  /** Throws if the bytes are not text. */
  readonly readBody: () => Promise<unknown>;
  readonly mimeType: string;
  readonly file: string | Uint8Array;
}

/** Returns the output of the item. Stores the response as a part if the job keeps parts. */
export async function keepAnswer(
  { status, readBody, mimeType, file }: ItemAnswer,
  context: WorkerContext<HttpParameters>,
): Promise<{ status: number; body?: unknown }> {
  const { keep } = context.parameters;
  if (keep === 'output') return { status, body: await readBody() };
  if (keep === 'part') await context.putPart({ filename: 'answer', mimeType, body: file, type: 'META' });
  return { status };
}

export function wholeAnswer(answer: Answer, url: string): ItemAnswer {
  const mimeType = answer.headers['content-type'] ?? 'application/octet-stream';
  return { status: answer.status, readBody: () => parsedBody(answer, url), mimeType, file: answer.bytes };
}
