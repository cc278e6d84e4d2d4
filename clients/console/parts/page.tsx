import { type ReactNode, useEffect } from 'react';
import { Skeleton } from './states.tsx';

interface PageProps {
  readonly title: string;
  /** Content of the head line beside the title, such as buttons. */
  readonly actions?: ReactNode;
  /** A line below the title. */
  readonly lead?: ReactNode;
  /** True if the content fills the window and scrolls inside. */
  readonly isFull?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, actions, lead, isFull = false, children }: PageProps) {
  useTitle(title);
  return (
    <div className={isFull ? 'page page-full' : 'page'}>
      <header className="page-head">
        <h1>{title}</h1>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {lead === undefined ? null : <div className="page-lead">{lead}</div>}
      {children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · jobtree`;
  }, [title]);
}

/** A page whose script is not loaded yet. */
export function PageSkeleton() {
  return (
    <div className="page">
      <header className="page-head">
        <Skeleton />
      </header>
      <Skeleton lines={8} height="row" />
    </div>
  );
}

/** A titled box of a page. */
export function Panel({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="panel">
      <header className="panel-head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** Pairs of a name and a value. Those without a value are left out. */
export function Facts({ facts }: { facts: Readonly<Record<string, ReactNode>> }) {
  const shown = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null);
  return (
    <dl className="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
