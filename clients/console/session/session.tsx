import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ConsoleConfig } from '../data/config.ts';
import { type Claims, hasRole, type Role, readClaims, storedToken, storeToken } from './token.ts';

export interface Session {
  readonly config: ConsoleConfig;
  readonly token: string | undefined;
  /** Claims of the token; absent without a token that can be used. */
  readonly claims: Claims | undefined;
  /** The reason why the person has to sign in again. */
  readonly problem: string | undefined;
  signIn(token: string): string | undefined;
  signOut(reason?: string): void;
}

const SessionContext = createContext<Session | undefined>(undefined);

interface SessionProviderProps {
  readonly config: ConsoleConfig;
  readonly initialProblem: string | undefined;
  readonly children: ReactNode;
}

export function SessionProvider({ config, initialProblem, children }: SessionProviderProps) {
  const [token, setToken] = useState(storedToken);
  const [problem, setProblem] = useState(initialProblem);
  const read = useMemo(() => (token === undefined ? undefined : readClaims(token)), [token]);
  const claims = read !== undefined && 'role' in read ? read : undefined;
  const session: Session = {
    config,
    token: claims === undefined ? undefined : token,
    claims,
    problem: problem ?? (read !== undefined && 'problem' in read ? read.problem : undefined),
    signIn: useCallback((given: string) => {
      const result = readClaims(given);
      if ('problem' in result) return result.problem;
      storeToken(given.trim());
      setToken(given.trim());
      setProblem(undefined);
      return undefined;
    }, []),
    signOut: useCallback((reason?: string) => {
      storeToken(undefined);
      setToken(undefined);
      setProblem(reason);
    }, []),
  };
  useExpiry(claims?.exp, () =>
    session.signOut('Your token has expired. Sign in again to continue where you were.'),
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** `setTimeout` counts milliseconds in 32 bits. */
const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

function useExpiry(exp: number | undefined, onExpired: () => void): void {
  useEffect(() => {
    if (exp === undefined) return undefined;
    const timer = setTimeout(onExpired, Math.min(exp * 1000 - Date.now(), MAX_TIMEOUT_MILLIS));
    return () => clearTimeout(timer);
  });
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('this part is outside the session');
  return session;
}

/** Returns the claims; only for parts that are shown after the sign-in. */
export function useClaims(): Claims {
  const { claims } = useSession();
  if (claims === undefined) throw new Error('this part is shown before the sign-in');
  return claims;
}

/** True if the role of the token allows what this role may do. The API decides in any case. */
export function useCan(needed: Role): boolean {
  return hasRole(useClaims().role, needed);
}
