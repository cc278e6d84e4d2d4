/**
 * Takes from this process what an expression could use that broke out of JSONata: ways to make code of text, to load
 * modules, and to reach the network. Must be called when all modules are loaded.
 *
 * ajv makes code of schemas with the global `Function`, which an expression has no name for. What an expression that
 * breaks out gets hold of are properties of values, and these lead nowhere any more.
 */
import { registerHooks } from 'node:module';

/** Each kind of function has a constructor of its own that makes code of text. */
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

/** Members of `process` that answer and end questions; nothing else is left of it but plain facts. */
const KEPT_OF_PROCESS: ReadonlySet<string> = new Set([
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
      throw new Error(`'${specifier}' cannot be loaded: this process loads no modules once it has begun`);
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
    if (KEPT_OF_PROCESS.has(name) || name.startsWith('_')) continue;
    Reflect.deleteProperty(process, name);
  }
  for (const name of ['_linkedBinding', '_debugProcess', '_kill', '_rawDebug']) {
    Reflect.deleteProperty(process, name);
  }
  // The process serves every partition: what one expression adds would be there for the next. Freezing them would keep
  // mappings from yielding a member called `constructor`.
  for (const { prototype } of [Object, Array, Function, String, Number, Boolean, Promise, Map, Set, RegExp]) {
    Object.preventExtensions(prototype);
  }
}
