import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type ConsoleConfig, readConfig } from './data/config.ts';
import { applyStoredTheme } from './frame/theme.ts';
import { ErrorBox } from './parts/states.tsx';
import { SessionProvider } from './session/session.tsx';
import { hasTokenInAddress, storeToken, takeTokenOfAddress } from './session/token.ts';

applyStoredTheme();
const linkedToken = takeTokenOfAddress();

const element = document.getElementById('root');
if (element === null) throw new Error('the page has no element #root');
const root = createRoot(element);
try {
  const config = await readConfig();
  if (linkedToken !== undefined && config.local) storeToken(linkedToken);
  // A link that is followed in an open page changes only the fragment, so the page starts again with it.
  addEventListener('hashchange', () => {
    if (hasTokenInAddress()) location.reload();
  });
  const problem = (await signInProblem(config)) ?? linkProblem(config);
  root.render(
    <SessionProvider config={config} initialProblem={problem}>
      <App />
    </SessionProvider>,
  );
} catch (error) {
  root.render(<ErrorBox error={error} onRetry={() => location.reload()} />);
}

/**
 * Only consoles of an emulator sign in by a link. Elsewhere, a link could sign people in as someone else without their
 * knowledge.
 */
function linkProblem({ local }: ConsoleConfig): string | undefined {
  if (linkedToken === undefined || local) return undefined;
  return 'This console does not sign in by a token in the address. Sign in below, or paste the token.';
}

/** Completes a sign-in if the issuer has just redirected here. */
async function signInProblem({ signIn }: ConsoleConfig): Promise<string | undefined> {
  const query = new URLSearchParams(location.search);
  if (signIn === undefined || !query.has('state') || !(query.has('code') || query.has('error')))
    return undefined;
  try {
    const { completeSignIn } = await import('./session/oidc.ts');
    const { token: issued, returnTo } = await completeSignIn(signIn);
    storeToken(issued);
    history.replaceState(null, '', returnTo);
    return undefined;
  } catch (error) {
    history.replaceState(null, '', location.pathname);
    return `The sign-in failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
