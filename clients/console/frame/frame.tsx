import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { docsUrl, pagePath } from '../addresses.ts';
import { useLive } from '../data/live.tsx';
import { usePageName, usePartition } from '../data/route.ts';
import { PAGES } from '../pages.ts';
import { IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { useClaims, useSession } from '../session/session.tsx';
import { hasRole } from '../session/token.ts';
import { HelpDialog } from './help-dialog.tsx';
import { useKeys } from './keyboard.ts';
import { PartitionSwitch } from './partition-switch.tsx';
import { THEMES, useTheme } from './theme.ts';

/** Everything around a page: navigation, partition, live updates, theme and the person. */
export function Frame({ children }: { children: ReactNode }) {
  const [isHelpShown, showHelp] = useState(false);
  const [isMenuShown, showMenu] = useState(false);
  const [, navigate] = useLocation();
  const partition = usePartition();
  const goTo = Object.fromEntries(
    PAGES.flatMap(({ key, path }) =>
      key === undefined ? [] : [[`g ${key}`, () => navigate(pagePath(partition, path))]],
    ),
  );
  useKeys({ '?': () => showHelp(true), '/': focusSearch, ...goTo });
  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <IconButton
          icon="menu"
          label="Menu"
          aria-expanded={isMenuShown}
          onClick={() => showMenu(!isMenuShown)}
        />
        <Brand partition={partition} />
        <PartitionSwitch />
        <span className="spring" />
        <LiveButton />
        <IconButton icon="keyboard" label="Keys" onClick={() => showHelp(true)} />
        <ThemeButton />
        <Person />
      </header>
      <nav className={isMenuShown ? 'side side-shown' : 'side'} aria-label="Pages">
        <SideLinks onFollow={() => showMenu(false)} />
      </nav>
      <main id="main" className="main" tabIndex={-1}>
        {children}
      </main>
      {isHelpShown ? <HelpDialog onClose={() => showHelp(false)} /> : null}
    </div>
  );
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-search]')?.focus();
}

function Brand({ partition }: { partition: string }) {
  const { config } = useSession();
  return (
    <Link className="brand" href={pagePath(partition, 'overview')}>
      jobtree{config.title === undefined ? null : <span className="brand-title">{config.title}</span>}
    </Link>
  );
}

function SideLinks({ onFollow }: { onFollow: () => void }) {
  const partition = usePartition();
  const page = usePageName();
  const { role } = useClaims();
  const shown = PAGES.filter(
    ({ nav, role: needed = 'viewer' }) => nav !== undefined && hasRole(role, needed),
  );
  return (
    <ul>
      {shown.map(({ path, nav }) => {
        const href = pagePath(partition, path);
        return (
          <li key={path}>
            <Link href={href} aria-current={path === page ? 'page' : undefined} onClick={onFollow}>
              {nav === undefined ? null : <Icon name={nav.icon} />}
              {nav?.label}
            </Link>
          </li>
        );
      })}
      <li className="side-end">
        <a href={docsUrl('')} target="_blank" rel="noreferrer">
          <Icon name="docs" />
          Docs
        </a>
      </li>
    </ul>
  );
}

function LiveButton() {
  const { isOn, toggle } = useLive();
  const label = isOn ? 'Live updates are on' : 'Live updates are off';
  return <IconButton icon={isOn ? 'live' : 'offline'} label={label} aria-pressed={isOn} onClick={toggle} />;
}

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

function ThemeButton() {
  const [theme, setTheme] = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={() => setTheme(next)} />;
}

function Person() {
  const { sub, role } = useClaims();
  const { signOut } = useSession();
  return (
    <details className="person">
      <summary aria-label={`Signed in as ${sub}`} title={`${sub} · ${role}`}>
        <Icon name="user" />
        <span className="person-name">{sub}</span>
      </summary>
      <div className="menu">
        <p>
          <strong>{sub}</strong>
          <br />
          <span className="muted">role {role}</span>
        </p>
        <button type="button" className="button" onClick={() => signOut()}>
          Sign out
        </button>
      </div>
    </details>
  );
}
