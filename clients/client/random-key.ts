const KEY_BYTES = 16;

/** Returns a key for `Idempotency-Key`. Pages that are not served by HTTPS have no `crypto.randomUUID`. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
