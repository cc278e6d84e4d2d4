/** Decompresses gzip and zstd. A file may consist of several members or frames, as parallel compressors write them. */
import { Readable } from 'node:stream';
// Node 20, on which CDK apps may load the splitters, does not export the functions for zstd.
import * as zlib from 'node:zlib';
import type { RecordGrammar } from './grammar.ts';

export type Compression = NonNullable<RecordGrammar['compression']>;

/** Recognizes compressed files by their first bytes, because their names and types are often wrong. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  return isZstdFrame(head) ? 'zstd' : undefined;
}

/** True for a frame with data, and for a skippable frame that other data follows (RFC 8878). */
function isZstdFrame(head: Uint8Array): boolean {
  const [first = 0, ...rest] = head.subarray(0, 4);
  const isSkippable = first >= 0x50 && first <= 0x5f && rest.join() === '42,77,24';
  return isSkippable || (first === 0x28 && rest.join() === '181,47,253');
}

/** Thrown for bytes that are not valid in the compression. */
export class BrokenCompression extends Error {
  override readonly name = 'BrokenCompression';
}

/** Yields the content of all members of a file. */
export async function* decompressed(
  blocks: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const input = new Input(blocks);
  try {
    while (await input.hasMore(compression === 'gzip')) yield* oneMember(input, compression);
  } finally {
    await input.close();
  }
}

/** Yields at least one member. Node ends a stream after a member if other bytes follow it in the same block. */
async function* oneMember(input: Input, compression: Compression): AsyncGenerator<Uint8Array> {
  const stream = compression === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress();
  const begin = input.offset;
  const used = () => begin + stream.bytesWritten;
  const source = Readable.from(input.read(used), { objectMode: false });
  // `pipe` does not pass errors on, and an iterator of the output ends with the error of its own stream only.
  source.on('error', (error) => stream.destroy(error));
  source.pipe(stream);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw isDataError(error) ? new BrokenCompression(error.message, { cause: error }) : error;
  } finally {
    source.destroy();
    stream.destroy();
  }
  if (used() === begin) throw new BrokenCompression('it ends within its first bytes');
  input.release(used());
}

/** True for an error of zlib about the bytes; errors of reading have other codes. */
function isDataError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB|ERR_ZSTD)/.test(String(error.code))
  );
}

/** The bytes of a file by their offset. A stream reads further than its member, so the next one reads some of them again. */
class Input {
  readonly #blocks: AsyncIterator<Uint8Array>;
  /** Blocks that are not used completely. */
  readonly #pieces: Uint8Array[] = [];
  #pulling: Promise<void> | undefined;
  #isEnded = false;
  /** Offset of the first byte that is not used. */
  offset = 0;

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** With `skipsZeros`, zeros are padding, as tapes and disks add it. */
  async hasMore(skipsZeros: boolean): Promise<boolean> {
    for (;;) {
      const [piece] = this.#pieces;
      const start = skipsZeros ? piece?.findIndex((byte) => byte !== 0) : 0;
      if (piece !== undefined && start !== undefined && start >= 0) {
        this.release(this.offset + start);
        return true;
      }
      if (piece !== undefined) this.release(this.offset + piece.length);
      else if (this.#isEnded) return false;
      else await this.#pull();
    }
  }

  /** Yields the bytes from `offset` on. `used` returns the offset up to which they are no longer needed. */
  async *read(used: () => number): AsyncGenerator<Uint8Array> {
    for (let at = this.offset; ; ) {
      this.release(used());
      const piece = this.#from(at);
      if (piece !== undefined) {
        at += piece.length;
        yield piece;
      } else if (this.#isEnded) return;
      else await this.#pull();
    }
  }

  /** Drops the bytes before an offset. */
  release(offset: number): void {
    while (this.offset < offset) {
      const [piece] = this.#pieces;
      if (piece === undefined) return;
      const length = Math.min(piece.length, offset - this.offset);
      if (length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(length);
      this.offset += length;
    }
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }

  #from(at: number): Uint8Array | undefined {
    let begin = this.offset;
    for (const piece of this.#pieces) {
      if (at < begin + piece.length) return piece.subarray(Math.max(0, at - begin));
      begin += piece.length;
    }
    return undefined;
  }

  /** Waits for the next block. A stream that ended may still wait for the same one. */
  async #pull(): Promise<void> {
    this.#pulling ??= this.#nextBlock();
    await this.#pulling;
  }

  async #nextBlock(): Promise<void> {
    try {
      const { value, done } = await this.#blocks.next();
      if (done === true) this.#isEnded = true;
      else if (value.length > 0) this.#pieces.push(value);
    } finally {
      this.#pulling = undefined;
    }
  }
}
