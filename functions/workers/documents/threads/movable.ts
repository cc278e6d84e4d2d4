/** Returns the bytes in a buffer that holds nothing else, so that the buffer can be moved to a thread. */
export function makeMovable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return ownsMemory(bytes) ? bytes : new Uint8Array(bytes);
}

function ownsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * Copies bytes that were moved from another thread, and releases the moved buffer at once. The garbage collector does
 * not account for memory of another thread, and would let hundreds of megabytes accumulate.
 */
export function copyAndRelease(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const copy = new Uint8Array(bytes);
  bytes.buffer.transfer(0);
  return copy;
}
