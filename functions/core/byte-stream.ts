/**
 * Returns all bytes of a stream, or `too-large` if there are more than `maxBytes`. The rest is then not read.
 */
export async function collectBytes(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | 'too-large'> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const bytes of stream) {
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) return 'too-large';
    pieces.push(bytes);
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const bytes of pieces) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
