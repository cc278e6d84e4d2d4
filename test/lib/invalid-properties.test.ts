import { Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { JobService } from '../../lib/job-service.ts';
import type { JobServiceProps } from '../../lib/job-service-props.ts';
import { Splitter } from '../../lib/splitter.ts';
import { Worker } from '../../lib/worker.ts';
import { newApp } from './synthesized.ts';
import { many, NO_PARAMETERS, READ_SCAN, ROWS, userFile } from './user-stack.ts';

describe('an invalid property is refused with a message', () => {
  const worker = () => Worker.fromEntry(userFile('w.ts', 'export const handler = 1;'), NO_PARAMETERS);
  const splitter = Splitter.fromEntry('none.ts', { splitter: ROWS });
  const entry = (name: string) => userFile(name, 'export const other = 1;');

  test.for([
    [
      'a name with blanks',
      () => ({ workers: { 'my ocr': worker() } }),
      "worker 'my ocr' has a name that is not allowed",
    ],
    [
      'a name that is taken',
      () => ({ workers: { rehearse: worker() } }),
      "worker 'rehearse' has the name of one included in jobtree",
    ],
    [
      'a splitter that is taken',
      () => ({ splitters: { lines: splitter } }),
      "splitter 'lines' has the name of one included in jobtree",
    ],
    [
      'a way into private networks',
      () => ({ webIsLocal: true }),
      'webIsLocal would open private networks to everyone who can create jobs',
    ],
    ['a port that is none', () => ({ webPorts: [8443, 0] }), '0 in webPorts is not a port'],
    ['more items than can be', () => ({ maxItems: 1e9 }), 'maxItems is 1000000000'],
    [
      'a template that cannot run',
      () => ({ templates: { mine: { steps: [{ name: 'a', worker: 'no' }] } } }),
      "template 'mine' is not valid: /steps/0/worker: worker 'no' does not exist",
    ],
    [
      'a template with another name within',
      () => ({ templates: { mine: { name: 'yours', steps: [{ name: 'a', worker: 'tag' }] } } }),
      "/name: is 'yours', but the template is registered as 'mine'",
    ],
    [
      'a template that is taken',
      () => ({ templates: { unpack: { steps: [{ name: 'a', worker: 'tag' }] } } }),
      "template 'unpack' is included in jobtree",
    ],
    [
      'a worker that its file does not export',
      () => ({ workers: { scan: Worker.fromEntry(entry('w1.ts'), { worker: READ_SCAN }) } }),
      "w1.ts has no export 'readScan'; export the definition under this name, or pass its name as `exportName`",
    ],
    [
      'a splitter that its file does not export',
      () => ({
        splitters: { rows: Splitter.fromEntry(entry('s1.ts'), { splitter: ROWS, exportName: 'all' }) },
      }),
      "s1.ts has no export 'all'",
    ],
    [
      'a worker without a description',
      () => ({
        workers: { s: Worker.fromEntry('s.ts', { worker: { name: 's', parameters: z.strictObject({}) } }) },
      }),
      "worker 's' of s.ts has no description; pass one to defineWorker or to Worker.fromEntry",
    ],
    [
      'a worker with the name of one of documents, which may come later',
      () => ({ workers: { 'to-pdf': worker() } }),
      "worker 'to-pdf' has the name of one included in jobtree",
    ],
    [
      'a name that no file can export',
      () => ({ workers: { s: Worker.fromEntry('s.ts', { worker: READ_SCAN, exportName: 'a b' }) } }),
      "'a b' is not a name that s.ts can export",
    ],
    ['too many workers', () => ({ workers: many(worker) }), 'workers; at most 30 are allowed'],
  ] satisfies [string, () => JobServiceProps, string][])('%s', ([, props, reason]) => {
    expect(() => new JobService(new Stack(newApp(), 's'), 'Jobs', props())).toThrow(reason);
  });
});
