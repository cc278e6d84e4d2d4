import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { NO_PROGRAM, NOT_CONFINED } from './confinement.ts';
import type { ProcessEnd, ProcessLimits } from './limited-process.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_QUOTED_CHARACTERS = 200;

/** Throws if LibreOffice cannot be confined on this system. */
export function checkSystem(platform: string = process.platform): void {
  if (platform === 'linux') return;
  throw unavailable(`it runs only on Linux, not on ${platform}; run the service in a container or on AWS`);
}

/** Returns the failure of a document whose process ended without a PDF. */
export function failureOf(end: ProcessEnd, limits: ProcessLimits): Error {
  switch (end.kind) {
    case 'limit':
      return failureOfLimit(end.of, limits);
    case 'crashed':
      return broken(`LibreOffice crashed on it twice (${end.by})`);
    case 'not started':
      return unavailable("the program 'python3' is not on PATH; install Python 3", end.cause);
    case 'exited':
      return failureOfExit(end.code, end.messages);
  }
}

function failureOfLimit(limit: 'cpu' | 'wall' | 'memory' | 'file', limits: ProcessLimits): Error {
  switch (limit) {
    case 'cpu':
      return tooLarge(`${limits.cpuSeconds} s of CPU time`);
    case 'memory':
      return tooLarge(`${Math.round(limits.memoryBytes / MEBIBYTE)} MiB of memory`);
    case 'file':
      return tooLarge(`${Math.round(limits.fileBytes / MEBIBYTE)} MiB for one file`);
    case 'wall':
      return new RetryableFailure(
        'document-not-processed',
        `LibreOffice did not finish within ${limits.wallSeconds} s but used less than ${limits.cpuSeconds} s of CPU time; run it again when the machine has less load`,
      );
  }
}

function failureOfExit(code: number, messages: string): Error {
  if (code === NO_PROGRAM) {
    return unavailable(
      "the program 'soffice' is not on PATH; install LibreOffice (on Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui)",
    );
  }
  if (code === NOT_CONFINED) {
    return unavailable('this system cannot forbid network access to a process (seccomp); use another kernel');
  }
  const reason = messages.replaceAll(/\s+/g, ' ').slice(-MAX_QUOTED_CHARACTERS);
  return broken(`LibreOffice cannot open it${reason === '' ? '' : ` ('${reason}')`}`);
}

function unavailable(reason: string, cause?: unknown): PermanentFailure {
  return new PermanentFailure('office-unavailable', `the worker office-to-pdf cannot run: ${reason}`, {
    cause,
  });
}

function broken(reason: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the office document can't be converted: ${reason}; check that it opens in an office program and save it again`,
  );
}

function tooLarge(exceededLimit: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `converting the document exceeds the limit of ${exceededLimit}; simplify or split it`,
  );
}
