/** Addresses of the console and the API. The base path depends on the gateway, so they are derived from the address of the script. */

/** Scripts are in `<console>/assets/`. */
const CONSOLE = new URL('..', import.meta.url);

/** Path of the console without a slash at its end, such as `/v1/console`. */
export const CONSOLE_PATH = CONSOLE.pathname.replace(/\/$/, '');

/** Address of the console, to which issuers redirect. */
export const CONSOLE_URL = `${CONSOLE.origin}${CONSOLE_PATH}`;

/** Base of the API, one level above the console. */
export const API_URL = `${CONSOLE.origin}${CONSOLE_PATH.replace(/\/console$/, '')}`;

export const CONFIG_URL = `${CONSOLE_URL}/config.json`;

/** Returns the address of a page of the docs, such as `how-to/retry-failed-items`. */
export function docsUrl(path: string): string {
  return `${API_URL}/docs/${path}`;
}

/** Returns the path of a page of a partition, below the base of the router. */
export function pagePath(partition: string, ...segments: readonly string[]): string {
  return ['', 'p', partition, ...segments].map(encodeURIComponent).join('/');
}
