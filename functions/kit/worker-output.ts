/** Stores the files and the output that a worker makes of an item. */
import { PermanentFailure } from '#core/errors.ts';
import { MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import type { WorkerContext } from './define-worker.ts';

/** Stores the body and returns its size in bytes. */
export async function putBody(
  objects: Objects,
  key: ObjectKey,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: { contentType: string },
): Promise<number> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    return (await objects.putStream(key, body, options)).sizeBytes;
  await objects.put(key, body, options);
  return typeof body === 'string' ? byteLength(body) : body.length;
}

/** Returns the output for the outcome. An output that is too large is stored as a part instead. */
export async function inlineOutput(
  answer: unknown,
  putPart: WorkerContext<unknown>['putPart'],
): Promise<{ output?: unknown }> {
  if (answer === undefined) return {};
  let text: string | undefined;
  try {
    text = JSON.stringify(answer);
  } catch (error) {
    throw new PermanentFailure(
      'invalid-output',
      `the output of the worker cannot be serialized as JSON: ${String(error)}`,
    );
  }
  if (text === undefined)
    throw new PermanentFailure('invalid-output', 'the output of the worker is not a JSON value');
  if (byteLength(text) <= MAX_INLINE_OUTPUT_BYTES) return { output: parseJson(text) };
  await putPart({ filename: 'output.json', mimeType: 'application/json', body: text });
  return {};
}
