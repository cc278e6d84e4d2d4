/** The files of `jobtree init`: source and unit test, and the lines that add them to the stack. */

export type ScaffoldKind = 'worker' | 'splitter' | 'template';

export interface Scaffold {
  /** Contents by path in the app. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines for the stack. */
  readonly wiring: string;
  /** Options that run it: `jobtree run …`. */
  readonly example: string;
}

export function scaffoldOf(kind: ScaffoldKind, name: string): Scaffold {
  const scaffolds = { worker: workerScaffold, splitter: splitterScaffold, template: templateScaffold };
  return scaffolds[kind](name, exportNameOf(name));
}

/** `resize-image` is exported as `resizeImage`. */
function exportNameOf(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function workerScaffold(name: string, exported: string): Scaffold {
  const source = `import { defineWorker, PermanentFailure } from 'jobtree/worker';
import * as z from 'zod';

export const ${exported} = defineWorker({
  name: '${name}',
  description: 'Describe the work that is done for each item.',
  parameters: z.strictObject({ prefix: z.string().default('') }),
  async run(item, { parameters }) {
    // A PermanentFailure fails the item without a retry. Any other error is retried.
    if (typeof item.payload !== 'string') throw new PermanentFailure('not-text', 'the item must be a string');
    return parameters.prefix + item.payload;
  },
});
`;
  const test = `import { runWorker } from 'jobtree/worker';
import { expect, test } from 'vitest';
import { ${exported} } from './${name}';

test('${name} works on a text, and fails anything else', async () => {
  const items = [
    { id: '1', payload: 'text' },
    { id: '2', payload: 7 },
  ];

  const results = await runWorker(${exported}, items, { parameters: { prefix: 'a ' } });

  expect(results).toMatchObject([
    { kind: 'succeeded', output: 'a text' },
    { kind: 'failed', code: 'not-text' },
  ]);
});
`;
  return {
    files: { [`workers/${name}.ts`]: source, [`workers/${name}.test.ts`]: test },
    wiring: `import { JobService, Worker } from 'jobtree/cdk';
import { ${exported} } from '../workers/${name}';

new JobService(this, 'Jobs', {
  workers: { '${name}': Worker.fromEntry('workers/${name}.ts', { worker: ${exported} }) },
});`,
    example: `jobtree run FILE --worker ${name} --watch`,
  };
}

function splitterScaffold(name: string, exported: string): Scaffold {
  const source = `import { defineSplitter, item } from 'jobtree/worker';
import * as z from 'zod';

export const ${exported} = defineSplitter({
  name: '${name}',
  description: 'Describe the items that it finds.',
  definition: z.strictObject({ words: z.array(z.string()) }),
  // True if the same definition always gives the same items.
  stable: true,
  async *split({ words }) {
    for (const [index, word] of words.entries()) yield item(String(index + 1), word);
  },
});
`;
  const test = `import { item, runSplitter } from 'jobtree/worker';
import { expect, test } from 'vitest';
import { ${exported} } from './${name}';

test('${name} makes an item of each word', async () => {
  const children = await runSplitter(${exported}, { words: ['one', 'two'] });

  expect(children).toEqual([item('1', 'one'), item('2', 'two')]);
});
`;
  return {
    files: { [`splitters/${name}.ts`]: source, [`splitters/${name}.test.ts`]: test },
    wiring: `import { JobService, Splitter } from 'jobtree/cdk';
import { ${exported} } from '../splitters/${name}';

new JobService(this, 'Jobs', {
  splitters: { '${name}': Splitter.fromEntry('splitters/${name}.ts', { splitter: ${exported} }) },
});`,
    example: `jobtree run --splitter ${name} --define 'words=["one","two"]' --worker rehearse --watch`,
  };
}

function templateScaffold(name: string, exported: string): Scaffold {
  const source = `import type { TemplateProps } from 'jobtree/cdk';

export const ${exported}: TemplateProps = {
  description: 'Describe the steps of the job.',
  parametersSchema: {
    type: 'object',
    properties: { failItems: { type: 'array', items: { type: 'string' } } },
    additionalProperties: false,
  },
  steps: [
    {
      name: 'work',
      worker: 'rehearse',
      parameters: { failItems: '$.parameters.failItems' },
      onItemFailure: 'failAtEnd',
    },
    { name: 'repair', worker: 'rehearse', takesFailed: true },
    { name: 'finish', worker: 'rehearse' },
  ],
  flow: [
    { from: 'work', on: 'COMPLETED', to: 'finish' },
    { from: 'work', on: 'FAILED', to: 'repair' },
    { from: 'repair', on: '*', to: 'finish' },
  ],
};
`;
  const test = `import { App, Stack } from 'aws-cdk-lib';
import { JobService } from 'jobtree/cdk';
import { expect, test } from 'vitest';
import { ${exported} } from './${name}';

test('${name} can run on the deployed workers', () => {
  const stack = new Stack(new App(), 'Test');

  expect(() => new JobService(stack, 'Jobs', { templates: { '${name}': ${exported} } })).not.toThrow();
}, 60_000);
`;
  return {
    files: { [`templates/${name}.ts`]: source, [`templates/${name}.test.ts`]: test },
    wiring: `import { JobService } from 'jobtree/cdk';
import { ${exported} } from '../templates/${name}';

new JobService(this, 'Jobs', {
  templates: { '${name}': ${exported} },
});`,
    example: `jobtree run --template ${name} FILE --watch`,
  };
}
