import { expect, test } from 'vitest';
import { SPLITTING_MEMORY_MEBIBYTES } from '../../lib/batch-splitting.ts';
import { synthesize, target } from './synthesized.ts';

test('the splitter receives one batch at a time, so that none can end or delay another', () => {
  const synthesized = synthesize();
  const id = synthesized.functions.get('split-batch');
  const splitter = synthesized.ofType('AWS::Lambda::Function').find(([name]) => name === id)?.[1];
  const sources = synthesized
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(([, { Properties }]) => target(Properties['FunctionName']) === id);

  expect(sources.map(([, { Properties }]) => Properties['BatchSize'])).toEqual([1]);
  expect(splitter?.Properties['MemorySize']).toBe(SPLITTING_MEMORY_MEBIBYTES);
});
