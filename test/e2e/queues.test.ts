import { describe, expect, inject, test, vi } from 'vitest';
import { call } from './rest.ts';
import { sendToSplit } from './split-queue.ts';

const MESSAGES = '/queues/unroutable/messages';
const WAIT = { timeout: 60_000, interval: 500 };

interface Message {
  readonly id: string;
  readonly queue?: string;
  readonly body: string;
}

test('each queue has its depth, and that of its dead letters', async () => {
  const { status, body } = await call('GET', '/queues');

  expect(status).toBe(200);
  const depth = { waiting: expect.any(Number), inFlight: expect.any(Number), delayed: expect.any(Number) };
  const deadLetters = expect.any(Number);
  expect(body).toContainEqual({ name: 'split', ...depth, deadLetters });
  expect(body).toContainEqual({ name: 'worker:rehearse', worker: 'rehearse', ...depth, deadLetters });
  expect(body).toContainEqual({ name: 'undispatched', ...depth });
});

test('the alarms of the stack are listed with their condition', async () => {
  const { status, body } = await call('GET', '/alarms');

  expect(status).toBe(200);
  const names = (body as { name: string }[]).map(({ name }) => name);
  for (const part of [/Unroutable/, /Undispatched/, /Split.*DeadLetters|SplitDead/i])
    expect(names.filter((name) => part.test(name))).toHaveLength(1);
  for (const alarm of body)
    expect(alarm).toMatchObject({
      description: expect.stringMatching(/./),
      status: expect.stringMatching(/^(ok|alarm|unknown)$/),
    });
});

describe.skipIf(inject('endpoint') === '')('a message that no handler accepts', () => {
  test('is listed with its queue, sent there again, refused again and deleted', async () => {
    const text = JSON.stringify({ partition: 'p', job: 'j', text: `not a batch ${Date.now()}` });
    await sendToSplit(text);

    const first = await listed(text);
    const redriven = await call('POST', `${MESSAGES}:redrive`, { body: { ids: [first.id] } });
    const second = await listed(text, first.id);
    const deleted = await call('POST', `${MESSAGES}:delete`, { body: { ids: [second.id] } });

    expect(first.queue).toBe('split');
    expect(redriven.body).toEqual({ done: [first.id], kept: [] });
    expect(deleted.body).toEqual({ done: [second.id], kept: [] });
    const { body } = await call('GET', MESSAGES);
    expect((body as Message[]).filter((message) => message.body === text)).toEqual([]);
  });
});

/** Waits for a message with this text that is not the given one. */
function listed(text: string, other?: string): Promise<Message> {
  return vi.waitFor(async () => {
    const { body } = await call('GET', MESSAGES);
    const message = (body as Message[]).find((one) => one.body === text && one.id !== other);
    if (message === undefined) throw new Error('the message is not listed yet');
    return message;
  }, WAIT);
}
