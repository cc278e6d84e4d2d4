/** Attacks that code could try after it escapes from an expression. The test receives the name of each attempt. */
import { execSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { lockDown } from '../../../functions/creation/lock-down.ts';

const ATTEMPTS: Readonly<Record<string, () => unknown>> = {
  'read the environment of its parent': () => readFileSync(`/proc/${process.ppid}/environ`, 'utf8'),
  'read its own environment': () => readFileSync('/proc/self/environ', 'utf8'),
  'read the memory of its parent': () => readFileSync(`/proc/${process.ppid}/maps`, 'utf8'),
  'read a file of the system': () => readFileSync('/etc/passwd', 'utf8'),
  'list the root': () => readdirSync('/'),
  'write a file': () => writeFileSync('/tmp/jobtree-intruder', 'x'),
  'start a process': () => execSync('id'),
  'start a thread': () => new Worker('1', { eval: true }),
  'call a binding': () => Reflect.get(process, 'binding')('fs'),
};

/** These are closed by `lockDown`. */
const INSIDE: Readonly<Record<string, () => unknown>> = {
  'make code of text': () => Reflect.get(() => 1, 'constructor')('return process')(),
  'make asynchronous code of text': () => Reflect.get(async () => 1, 'constructor')('return process')(),
  fetch: () => fetch('http://127.0.0.1:9/'),
  'load a module': () => import('node:dns'),
  'ask for a module': () => Reflect.get(process, 'getBuiltinModule')('node:net'),
  'see variables': () => {
    const { length } = Object.keys(Reflect.get(process, 'env'));
    return length;
  },
  'kill its parent': () => Reflect.get(process, 'kill')(process.ppid, 0),
  'change what all objects have': () => Object.assign(Object.prototype, { isAdmin: true }),
};

async function outcomeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return 'DONE';
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return code ?? message ?? String(error);
  }
}

async function outcomesOf(attempts: typeof ATTEMPTS): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) told[name] = await outcomeOf(attempt);
  return told;
}

const variables = Object.keys(process.env).length;
const outside = await outcomesOf(ATTEMPTS);
const before = await outcomesOf({
  'make code of text': INSIDE['make code of text'] as () => unknown,
  connect: () =>
    new Promise((resolve, reject) => connect(9, '127.0.0.1').on('connect', resolve).on('error', reject)),
});
lockDown();
const inside = await outcomesOf(INSIDE);
process.send?.({ variables, outside, before, inside });
