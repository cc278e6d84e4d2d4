import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type ConsoleConfig, readConfig } from './data/config.ts';
import { applyStoredTheme } from './frame/theme.ts';
import { ErrorBox } from './parts/states.tsx';
import { SessionProvider } from './session/session.tsx';
import { storeToken, takeTokenOfAddress } from './session/token.ts';

applyStoredTheme();
const token = takeTokenOfAddress();
if (token !== undefined) storeToken(token);

const element = document.getElementById('root');
if (element === null) throw new Error('the page has no element #root');
const root = createRoot(element);
try {
  const config = await readConfig();
  const problem = await signInProblem(config);
  root.render(
    <SessionProvider config={config} initialProblem={problem}>
      <App />
    </SessionProvider>,
  );
} catch (error) {
  root.render(<ErrorBox error={error} onRetry={() => location.reload()} />);
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
