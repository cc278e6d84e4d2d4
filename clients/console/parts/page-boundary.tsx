import { Component, type ReactNode } from 'react';
import { ErrorBox } from './states.tsx';

interface State {
  readonly error: unknown;
}

/** Shows an error of a page instead of the page, so that the frame around it keeps working. */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (isMissingScript(error)) {
      const text = 'This page belongs to a newer version of the console. Load the console again to use it.';
      return <ErrorBox error={new Error(text)} onRetry={() => location.reload()} />;
    }
    return <ErrorBox error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

function isMissingScript(error: unknown): boolean {
  return error instanceof TypeError && /module script|dynamically imported/i.test(error.message);
}
