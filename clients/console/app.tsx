import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useMemo } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { CONSOLE_PATH, pagePath } from './addresses.ts';
import { ApiContext, clientOf, newQueryClient } from './data/api.ts';
import { LiveProvider } from './data/live.tsx';
import { usePartition } from './data/route.ts';
import { Frame } from './frame/frame.tsx';
import { recentPartitions } from './frame/recent-partitions.ts';
import { PAGES } from './pages.ts';
import { PageSkeleton } from './parts/page.tsx';
import { PageBoundary } from './parts/page-boundary.tsx';
import { Empty } from './parts/states.tsx';
import { NowProvider } from './parts/time.tsx';
import { ToastsProvider } from './parts/toasts.tsx';
import { ChoosePartition } from './session/choose-partition.tsx';
import { useClaims, useSession } from './session/session.tsx';
import { SignIn } from './session/sign-in.tsx';

export function App() {
  const { token } = useSession();
  return (
    <Router base={CONSOLE_PATH}>
      <ToastsProvider>
        {token === undefined ? <SignIn /> : <SignedIn key={token} token={token} />}
      </ToastsProvider>
    </Router>
  );
}

function SignedIn({ token }: { token: string }) {
  const { signOut } = useSession();
  const client = useMemo(() => clientOf(token), [token]);
  const queries = useMemo(() => newQueryClient(signOut), [signOut]);
  return (
    <ApiContext value={client}>
      <QueryClientProvider client={queries}>
        <LiveProvider>
          <NowProvider>
            <Switch>
              <Route path="/p/:partition/*?">
                <Frame>
                  <Pages />
                </Frame>
              </Route>
              <Route>
                <Start />
              </Route>
            </Switch>
          </NowProvider>
        </LiveProvider>
      </QueryClientProvider>
    </ApiContext>
  );
}

function Pages() {
  const [location] = useLocation();
  return (
    <PageBoundary key={location}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          {PAGES.map(({ path, more, Page }) => {
            const pattern = `/p/:partition/${path}${more === undefined ? '' : `/${more}`}`;
            return (
              <Route key={pattern} path={pattern}>
                <Page />
              </Route>
            );
          })}
          <Route path="/p/:partition">
            <FirstPage />
          </Route>
          <Route>
            <Empty title="This page does not exist">Choose a page from the menu.</Empty>
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}

function FirstPage() {
  return <Redirect to={pagePath(usePartition(), PAGES[0]?.path ?? 'jobs')} replace />;
}

/** Opens the only partition of the token, or the last one that was opened. */
function Start() {
  const { partitions } = useClaims();
  const allowed = (name: string) => partitions.includes('*') || partitions.includes(name);
  const first = recentPartitions().find(allowed) ?? partitions.find((name) => name !== '*');
  if (first === undefined) return <ChoosePartition />;
  return <Redirect to={pagePath(first, PAGES[0]?.path ?? 'jobs')} replace />;
}
