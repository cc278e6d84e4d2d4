/** The bytes in memory that holds nothing else, to be moved to a thread: nobody can read them here afterwards. */
export function movable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return ownsMemory(bytes) ? bytes : new Uint8Array(bytes);
}

function ownsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * A copy of bytes that were moved here; their own memory is given back at once. The collector is not told of memory
 * that comes from another thread, and lets hundreds of megabytes of it gather.
 */
export function ownCopy(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const copy = new Uint8Array(bytes);
  bytes.buffer.transfer(0);
  return copy;
}
