import type { Call, InputOf, OutputOf } from '../calls.ts';
import type { HttpResponse } from './exchange.ts';
import { BrokenResponse } from './service-error.ts';
import type { SignedClient } from './signed-client.ts';

export interface JsonProtocol {
  /** Prefix of the operation in the header `x-amz-target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/** Operations of a service that receives and returns JSON. */
export function jsonCall<Operations>(
  client: SignedClient,
  { target, version }: JsonProtocol,
): Call<Operations> {
  return <Name extends keyof Operations & string>(operation: Name, input: InputOf<Operations[Name]>) =>
    client<OutputOf<Operations[Name]>>(
      {
        method: 'POST',
        headers: {
          'content-type': `application/x-amz-json-${version}`,
          'x-amz-target': `${target}.${operation}`,
        },
        body: JSON.stringify(input),
      },
      jsonIn,
    );
}

function jsonIn<Output>({ body }: HttpResponse): Output {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new BrokenResponse(`a response of ${body.byteLength} bytes is not valid JSON`);
  }
}
