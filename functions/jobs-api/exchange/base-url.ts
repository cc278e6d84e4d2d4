/** The public address of the API, as far as its gateway passes it on. */
import type { ApiEvent } from './exchange.ts';
import { headerReader } from './headers.ts';

/**
 * Returns the address up to and including the stage, without a slash at its end; '' if the gateway does not
 * pass it. On emulators, the host name of the event differs from the address that the caller used.
 */
export function baseUrl(event: ApiEvent, { isEmulated }: { isEmulated: boolean }): string {
  const { domainName, path, stage, apiId } = event.requestContext ?? {};
  if (isEmulated) {
    const host = headerReader(event)('host');
    return host === undefined ? '' : `http://${host}/restapis/${apiId}/${stage}/_user_request_`;
  }
  if (domainName === undefined || path === undefined) return '';
  return `https://${domainName}${withoutRoute(path, event)}`;
}

/** Removes the segments of the route, so that the stage or the base path of a custom domain remains. */
function withoutRoute(path: string, { resource, pathParameters }: ApiEvent): string {
  const route = resource.endsWith('{route+}') ? `/${pathParameters?.['route'] ?? ''}` : resource;
  const segments = (text: string) => text.split('/').filter((segment) => segment !== '');
  const base = segments(path).slice(0, segments(path).length - segments(route).length);
  return base.map((segment) => `/${segment}`).join('');
}
