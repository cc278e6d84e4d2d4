/** The token of the session. It stays in this tab and is removed from the address before the page is shown. */
export type Role = 'viewer' | 'operator' | 'admin';
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

export interface Claims {
  readonly sub: string;
  readonly partitions: readonly string[];
  readonly role: Role;
  /** Seconds since 1970. */
  readonly exp: number;
}

const STORAGE_KEY = 'jobtree.token';

export function hasTokenInAddress(): boolean {
  return new URLSearchParams(location.hash.slice(1)).has('token');
}

/** Takes the token of `#token=…` out of the address, so that it is in no bookmark and no history. */
export function takeTokenOfAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}

export function storedToken(): string | undefined {
  return sessionStorage.getItem(STORAGE_KEY) ?? undefined;
}

export function storeToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem(STORAGE_KEY);
  else sessionStorage.setItem(STORAGE_KEY, token);
}

/**
 * Returns the claims of a token, or the reason why it cannot be one. The page only adapts to them; the API
 * verifies the token.
 */
export function readClaims(token: string): Claims | { readonly problem: string } {
  const [, payload = ''] = token.trim().split('.');
  const claims = parsed(payload);
  if (claims === undefined)
    return { problem: 'This is not a token: a token has three parts with dots between them.' };
  const { sub, partitions, role, exp } = claims;
  const known = ROLES.find((one) => one === role);
  if (
    !Array.isArray(partitions) ||
    partitions.length === 0 ||
    known === undefined ||
    typeof exp !== 'number'
  ) {
    return { problem: 'The token lacks the claims partitions, role or exp. See the docs on tokens.' };
  }
  if (exp * 1000 <= Date.now())
    return { problem: `The token expired at ${new Date(exp * 1000).toLocaleString()}.` };
  return { sub: String(sub ?? ''), partitions: partitions.map(String), role: known, exp };
}

function parsed(payload: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
