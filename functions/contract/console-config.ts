/** Settings of the console: what the stack passes to the function that serves it, and what the page reads. */
import * as z from 'zod';

const members = {
  /** Shown beside the name of the console, to tell deployments apart. */
  title: z.string().exactOptional(),
  /** Client of the issuer that people sign in with. Without it, people paste a token. */
  signIn: z.object({ issuer: z.string(), clientId: z.string(), scope: z.string() }).exactOptional(),
  /** True for a stack on an emulator. */
  local: z.boolean(),
};

/** Content of `/console/config.json`. */
export type ConsoleConfig = z.output<typeof consoleConfig>;
export const consoleConfig = z.object({ ...members, version: z.string() });

/** `console.json` beside the function. */
export const consoleSettings = z.object({ ...members, signInOrigins: z.array(z.string()) });
export type ConsoleSettings = z.output<typeof consoleSettings>;
