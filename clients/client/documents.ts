/** Documents with versions: templates and job types, of a partition or global. */
import { List, type ListOptions } from './list.ts';
import type { CallOptions, Transport } from './transport.ts';
import { readChanged, type Versioned } from './watch.ts';

export interface DocumentChangeOptions extends CallOptions {
  /** The change applies only if the document has this ETag; otherwise it throws a ConflictError. */
  readonly ifMatch?: string | undefined;
}

export class Documents<View, Summary, Request> {
  readonly #transport: Transport;
  readonly #path: readonly string[];

  constructor(transport: Transport, path: readonly string[]) {
    this.#transport = transport;
    this.#path = path;
  }

  list({ signal }: CallOptions = {}): Promise<Summary[]> {
    return this.#transport.json({ path: this.#path, signal });
  }

  get(name: string, { signal }: CallOptions = {}): Promise<View> {
    return this.#transport.json({ path: [...this.#path, name], signal });
  }

  /** Returns the document and its ETag, or undefined if it still has the given ETag. */
  getChanged(
    name: string,
    etag?: string,
    { signal }: CallOptions = {},
  ): Promise<Versioned<View> | undefined> {
    return readChanged(this.#transport, { path: [...this.#path, name], signal }, etag);
  }

  /** Creates the document, or a new version of it. */
  put(name: string, document: Request, { ifMatch, signal }: DocumentChangeOptions = {}): Promise<View> {
    return this.#transport.json({
      method: 'PUT',
      path: [...this.#path, name],
      body: document,
      headers: { 'if-match': ifMatch },
      isRepeatable: ifMatch === undefined,
      signal,
    });
  }

  async delete(name: string, { ifMatch, signal }: DocumentChangeOptions = {}): Promise<void> {
    await this.#transport.send({
      method: 'DELETE',
      path: [...this.#path, name],
      headers: { 'if-match': ifMatch },
      doneStatus: 404,
      signal,
    });
  }

  /** All versions of the document, newest first. */
  versions(name: string, options: ListOptions = {}): List<View> {
    return new List(this.#transport, { path: [...this.#path, name, 'versions'] }, options);
  }
}
