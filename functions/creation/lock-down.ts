/**
 * Removes everything that an expression could use after breaking out of JSONata: evaluating strings as code, loading
 * modules, and network access. Call it after all modules are loaded.
 *
 * ajv compiles schemas with the global `Function`, which an expression cannot name. An expression that breaks out can
 * only follow properties of values, and none of them leads to a constructor of functions afterwards.
 */
import { registerHooks } from 'node:module';

/** One function of each kind; each kind has its own constructor that compiles a string. */
const KINDS_OF_FUNCTIONS: readonly object[] = [
  () => undefined,
  async () => undefined,
  function* () {
    yield undefined;
  },
  async function* () {
    yield undefined;
  },
];

const GLOBALS = [
  'fetch',
  'WebSocket',
  'EventSource',
  'Request',
  'Response',
  'navigator',
  'eval',
  'WebAssembly',
];

/** Members of `process` that stay: those that exchange messages and end the process, and plain values. */
const ALLOWED_PROCESS_MEMBERS: ReadonlySet<string> = new Set([
  ...['on', 'once', 'emit', 'off', 'addListener', 'removeListener', 'listeners', 'listenerCount'],
  ...['nextTick', 'hrtime', 'exit', 'reallyExit', 'send', 'disconnect', 'connected', 'channel', 'exitCode'],
  ...[
    'version',
    'versions',
    'platform',
    'arch',
    'pid',
    'ppid',
    'argv',
    'execArgv',
    'emitWarning',
    'memoryUsage',
  ],
]);

export function lockDown(): void {
  registerHooks({
    resolve(specifier) {
      throw new Error(`'${specifier}' cannot be loaded: this process loads no modules after its start`);
    },
  });
  for (const kind of KINDS_OF_FUNCTIONS) {
    const prototype = Object.getPrototypeOf(kind) as object;
    Object.defineProperty(prototype, 'constructor', {
      value: undefined,
      writable: false,
      configurable: false,
    });
  }
  for (const name of GLOBALS) Reflect.deleteProperty(globalThis, name);
  for (const name of Object.getOwnPropertyNames(process)) {
    if (ALLOWED_PROCESS_MEMBERS.has(name) || name.startsWith('_')) continue;
    Reflect.deleteProperty(process, name);
  }
  for (const name of ['_linkedBinding', '_debugProcess', '_kill', '_rawDebug']) {
    Reflect.deleteProperty(process, name);
  }
  // The process serves every partition, so one expression must not leave anything for the next. Freezing the prototypes
  // would prevent mappings from returning a member named `constructor`.
  for (const { prototype } of [Object, Array, Function, String, Number, Boolean, Promise, Map, Set, RegExp]) {
    Object.preventExtensions(prototype);
  }
}
