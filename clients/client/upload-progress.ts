/** Progress of uploads in browsers, where `fetch` does not report it. */

/** Called with the number of bytes that were sent. */
export type OnProgress = (sentBytes: number) => void;

/** The part of XMLHttpRequest that uploads. The types of this folder do not include those of browsers. */
interface Exchange {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
}

/** Returns a function like `fetch` that reports its progress; undefined outside browsers. */
export function fetchWithProgress(onProgress: OnProgress): typeof fetch | undefined {
  const { XMLHttpRequest: NewExchange } = globalThis as { XMLHttpRequest?: new () => Exchange };
  if (NewExchange === undefined) return undefined;
  return async (url, init = {}) => {
    const { method = 'PUT', headers, body, signal } = init;
    return new Promise((resolve, reject) => {
      const exchange = new NewExchange();
      exchange.open(method, String(url));
      for (const [name, value] of new Headers(headers)) {
        // A browser computes the length, and warns if a page sets it.
        if (name !== 'content-length') exchange.setRequestHeader(name, value);
      }
      exchange.upload.onprogress = ({ loaded }) => onProgress(loaded);
      exchange.onload = () =>
        resolve(new Response(exchange.responseText || null, { status: exchange.status }));
      exchange.onerror = () => reject(new TypeError('the connection broke'));
      exchange.onabort = () => reject(signal?.reason);
      signal?.addEventListener('abort', () => exchange.abort(), { once: true });
      exchange.send(body as Blob);
    });
  };
}
