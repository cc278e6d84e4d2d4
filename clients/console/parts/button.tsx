import type { ComponentPropsWithRef, ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'type'> & {
  readonly icon?: IconName;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly submits?: boolean;
  /** True while its work runs: the button keeps its size and does nothing. */
  readonly isBusy?: boolean;
};

export function Button({
  icon,
  kind = 'plain',
  submits = false,
  isBusy = false,
  children,
  ...rest
}: ButtonProps) {
  const { disabled = false, className = '', ...others } = rest;
  return (
    <button
      {...others}
      type={submits ? 'submit' : 'button'}
      className={`button button-${kind} ${className}`}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button with an icon only; `label` is its accessible name and its tooltip. */
export function IconButton({
  label,
  icon,
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & { label: string; icon: IconName }) {
  const { kind = 'quiet', ...others } = rest;
  return (
    <Button {...others} kind={kind} icon={icon} aria-label={label} title={label} className="icon-button" />
  );
}

export function ButtonRow({ children }: { children: ReactNode }) {
  return <div className="button-row">{children}</div>;
}
