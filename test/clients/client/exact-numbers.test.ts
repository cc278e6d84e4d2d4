import { ExactNumber, Jobtree } from 'jobtree/client';
import { expect, test } from 'vitest';

const ITEM =
  '{"id":"1","path":"","outcome":"succeeded","attempts":[{}],"output":{"big":9007199254740993,"small":0.5,"long":0.1234567890123456789}}';

test('an item keeps every digit of its numbers, and plain numbers stay numbers', async () => {
  const client = new Jobtree({
    url: 'https://jobs.example/v1',
    token: 't',
    partition: 'p',
    fetch: async () => new Response(ITEM, { headers: { 'content-type': 'application/json' } }),
  });

  const { output } = (await client.job('j').item('1')) as { output: Record<string, unknown> };

  expect(output['small']).toBe(0.5);
  expect(output['big']).toBeInstanceOf(ExactNumber);
  expect(String(output['big'])).toBe('9007199254740993');
  expect(String(output['long'])).toBe('0.1234567890123456789');
  expect(JSON.stringify(output)).toBe(ITEM.slice(ITEM.indexOf('{"big"'), -1));
});
