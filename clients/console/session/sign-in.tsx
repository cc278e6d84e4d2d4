import { useState } from 'react';
import { docsUrl } from '../addresses.ts';
import { Button } from '../parts/button.tsx';
import { useTitle } from '../parts/page.tsx';
import { ErrorBox } from '../parts/states.tsx';
import { useSession } from './session.tsx';

/** Sign-in by the issuer, if the stack has a client id, or by a token. */
export function SignIn() {
  const { config, problem } = useSession();
  useTitle('Sign in');
  return (
    <main className="sign-in">
      <h1>jobtree{config.title === undefined ? '' : ` · ${config.title}`}</h1>
      {problem === undefined ? null : <ErrorBox error={problem} />}
      {config.signIn === undefined ? null : <IssuerButton signIn={config.signIn} />}
      <TokenForm isOpen={config.signIn === undefined} />
    </main>
  );
}

function IssuerButton({
  signIn,
}: {
  signIn: NonNullable<ReturnType<typeof useSession>['config']['signIn']>;
}) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    try {
      const { beginSignIn } = await import('./oidc.ts');
      await beginSignIn(signIn, location.href);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <>
      {error === undefined ? null : <ErrorBox error={error} />}
      <Button kind="primary" icon="user" isBusy={isBusy} onClick={begin}>
        Sign in with {new URL(signIn.issuer).host}
      </Button>
    </>
  );
}

function TokenForm({ isOpen }: { isOpen: boolean }) {
  const { config, signIn } = useSession();
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = () => setProblem(signIn(token));
  return (
    <details className="token-form" open={isOpen}>
      <summary>Use a token</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label htmlFor="token">Token (JWT)</label>
        <textarea
          id="token"
          rows={5}
          value={token}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby="token-problem"
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="token-problem" className="field-problem" role="alert">
          {problem}
        </p>
        <Button submits kind="primary" disabled={token.trim() === ''}>
          Sign in
        </Button>
      </form>
      <p className="muted">
        {config.local ? (
          <>
            Print one with <code>npm run local -- token</code>.{' '}
          </>
        ) : null}
        The token stays in this tab. The docs explain{' '}
        <a href={docsUrl('reference/http-api')}>which claims it needs</a>.
      </p>
    </details>
  );
}
