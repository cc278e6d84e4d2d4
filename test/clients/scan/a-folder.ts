/** A folder of requests, scanned through the complete API in this process, with memory ports. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FolderSource, openFolder } from '../../../clients/scan/folder-source.ts';
import { RestJobs } from '../../../clients/scan/rest-jobs.ts';
import {
  DEFAULT_LIMITS,
  type RequestResult,
  type ScanLimits,
  type ScanSummary,
  scan,
} from '../../../functions/scan-sources/scan.ts';
import { type ApiWorld, apiWorld, JOBS, REGISTRY } from '../../functions/jobs-api/api-world.ts';
import { token } from '../../functions/jobs-api/tokens.ts';
import type { Fuse } from '../../support/fuse.ts';

const BASE = 'https://api.test/v1';
const BUCKET = 'https://bucket.test/';

/** Body of a job with these items. */
export const items = (...list: unknown[]) => ({
  batch: { splitter: 'items', definition: { items: list }, worker: 'rehearse' },
});

/** Body of a job with the numbers from 0. */
export const numbers = (to: number) => ({
  batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse' },
});

export class AFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'jobtree-scan-'));
  readonly world: ApiWorld = apiWorld({
    registry: {
      ...REGISTRY,
      splitters: [...REGISTRY.splitters, { name: 'items', description: 'items', definition: {} }],
    },
  });

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, content: string | object): void {
    const place = join(this.path, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, typeof content === 'string' ? content : JSON.stringify(content));
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Returns the names in a subfolder, such as `finished`. */
  names(folder = ''): string[] {
    const place = join(this.path, folder);
    return existsSync(place) ? readdirSync(place).sort() : [];
  }

  // biome-ignore lint/suspicious/noExplicitAny: job views, looked into by name
  async jobs(): Promise<any[]> {
    const { body } = await this.world.call('GET', JOBS, { query: 'limit=1000&sort=jobId:asc' });
    return body;
  }

  /** Creates a scanner like a new process. The fuse can stop it at any of its calls. */
  async scanner(options: { limits?: Partial<ScanLimits>; fuse?: Fuse } = {}) {
    const { fuse } = options;
    const call = fuse === undefined ? this.#fetch : fuse.around(this.#fetch);
    const rest = new RestJobs({
      base: BASE,
      token: token(),
      partition: 'p1',
      fetch: call,
      signal: fuse?.signal ?? new AbortController().signal,
    });
    const folder = new FolderSource(await openFolder(this.path), (content, name) =>
      rest.upload(content, name),
    );
    const source = fuse === undefined ? folder : fuse.through(folder);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const taken: RequestResult[] = [];
    const once = (): Promise<ScanSummary> =>
      scan({
        source,
        jobs: rest,
        limits,
        clock: this.world.clock,
        report: (one) => taken.push(one),
        isTimeUp: () => false,
      });
    return { scan: once, taken };
  }

  /** Scans until no request is left. */
  async scanAll(options: { limits?: Partial<ScanLimits>; fuse?: Fuse } = {}): Promise<RequestResult[]> {
    const scanner = await this.scanner(options);
    for (let looks = 0; looks < 50; looks += 1) {
      const { found } = await scanner.scan();
      if (found === 0) return scanner.taken;
    }
    throw new Error(`requests are still there: ${this.names().join(', ')}`);
  }

  readonly #fetch: typeof fetch = async (input, init) => {
    const url = String(input);
    if (url.startsWith(BUCKET)) {
      const key = decodeURIComponent(url.slice(BUCKET.length, url.indexOf('?')));
      await this.world.objects.put(key, await new Response(init?.body ?? '').bytes());
      return new Response();
    }
    const [path = '', query = ''] = url.slice(BASE.length).split('?');
    const body = typeof init?.body === 'string' ? { body: init.body } : {};
    const answer = await this.world.call(init?.method ?? 'GET', path, { query, ...body });
    return new Response(answer.status === 204 ? null : answer.text, { status: answer.status });
  };
}
