/** Failures in the form of the SDK: `name` is the error code of the service. */
import { omitUndefined } from '#core/omit-undefined.ts';
import type { HttpResponse } from './exchange.ts';

/** Members of errors that their readers use. */
interface Members {
  readonly Item?: unknown;
  readonly CancellationReasons?: unknown;
  readonly BucketName?: string;
  readonly Key?: string;
}

export class ServiceError extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, message: string, status: number, members: Members) {
    super(message === '' ? code : message);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
    Object.assign(this, members);
  }
}

/** Thrown for a successful response whose body is not what the service sent. */
export class BrokenResponse extends Error {
  override readonly name = 'BrokenResponse';
  /** Mark of the SDK: a later attempt may succeed. */
  readonly $retryable = {};
}

/** Returns the error of a response in JSON. */
export function jsonError({ status, headers, body }: HttpResponse): ServiceError {
  const content = parsed(body);
  const type = headers['x-amzn-errortype'] ?? content['__type'] ?? content['code'] ?? status;
  const message = content['message'] ?? content['Message'] ?? '';
  const { Item, CancellationReasons } = content;
  const members = omitUndefined({ Item, CancellationReasons });
  return new ServiceError(shortName(String(type)), String(message), status, members);
}

/** Returns the error of a response in XML. A response to HEAD has no body, so its error is named after the status. */
export function xmlError({ status, body }: HttpResponse): ServiceError {
  const text = body.toString();
  const code = elementIn(text, 'Code') ?? (status === 404 ? 'NotFound' : String(status));
  const members = omitUndefined({ BucketName: elementIn(text, 'BucketName'), Key: elementIn(text, 'Key') });
  return new ServiceError(code, elementIn(text, 'Message') ?? '', status, members);
}

const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const;

/** Returns the text of the first element of this name. */
export function elementIn(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(body.toString());
    return typeof content === 'object' && content !== null ? { ...content } : {};
  } catch {
    // A proxy may respond with a page.
    return {};
  }
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` → `ThrottlingException`. */
function shortName(type: string): string {
  return type.replace(/^.*#/, '').replace(/:.*$/, '');
}
