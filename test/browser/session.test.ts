import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { type Issuer, serveIssuer } from '../support/browser/issuer.ts';
import {
  expectAccessible,
  type OpenedPage,
  openPage,
  reviewPage,
  screenshot,
  WIDTHS,
} from '../support/browser/open-page.ts';

const JOB = { batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' } };

let browser: Browser;
let issuer: Issuer;
let server: ConsoleServer;
let withIssuer: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  issuer = await serveIssuer();
  const signIn = { issuer: issuer.issuer, clientId: 'console', scope: 'openid' };
  [browser, server, withIssuer] = await Promise.all([
    launchBrowser(),
    serveConsole(),
    serveConsole({ signIn, isLocal: false }),
  ]);
  await createdJob(server.api, 'alpha-1', JOB);
  await createdJob(withIssuer.api, 'alpha-1', JOB);
});

afterAll(async () => {
  await browser.close();
  await Promise.all([server.stop(), withIssuer.stop(), issuer.stop()]);
});

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(url: string, width: number = WIDTHS.desktop): Promise<Page> {
  opened = await openPage(browser, url, { width });
  return opened.page;
}

describe('a sign-in', () => {
  test('by a link leaves no token in the address or the history', async () => {
    const page = await open(server.page('/p/p1/jobs'));
    await page.getByText('alpha-1').waitFor();

    expect(page.url()).not.toContain('#');
    await page.reload();
    await page.getByText('alpha-1').waitFor();
  });

  test('by a link that is followed in an open console works as in a new tab', async () => {
    const page = await open(server.page('/p/p1/jobs', { sub: 'anna' }));
    await page.getByText('alpha-1').waitFor();
    await page.evaluate(`location.assign('#token=${token({ sub: 'bert' })}')`);

    await page.waitForFunction(`!location.hash.includes('token')`);
    await page.getByText('alpha-1').waitFor();
    const stored = await page.evaluate(() => sessionStorage.getItem('jobtree.token'));
    expect(JSON.parse(atob(stored?.split('.')[1] ?? '')).sub).toBe('bert');
  });

  test('by a link is refused outside an emulator, and leaves no token in the address', async () => {
    const page = await open(withIssuer.page('/p/p1/jobs'));
    await page.getByText('This console does not sign in by a token in the address.').waitFor();

    expect(page.url()).not.toContain('#');
    expect(await page.evaluate(() => sessionStorage.getItem('jobtree.token'))).toBeNull();
  });

  test('by a pasted token opens the partition of the token', async () => {
    const page = await open(`${server.url}/console`);
    await page.getByLabel('Token (JWT)').fill(token());
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.waitForURL(/\/p\/p1\/overview$/);
    await page.getByText('of 1 job').waitFor();
  });

  test('explains a token that is not one', async () => {
    const page = await open(`${server.url}/console`);
    await page.getByLabel('Token (JWT)').fill('secret');
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByText(/a token has three parts/).waitFor();
  });

  test('at the issuer uses PKCE and returns to the page', async () => {
    const page = await open(`${withIssuer.url}/console/p/p1/jobs?q=alpha-1`);
    await page.getByRole('button', { name: `Sign in with ${new URL(issuer.issuer).host}` }).click();

    await page.getByRole('link', { name: 'alpha-1' }).waitFor();
    expect(page.url()).toBe(`${withIssuer.url}/console/p/p1/jobs?q=alpha-1`);
    expect(issuer.exchangedCodes).toHaveLength(1);
    await page.getByLabel('Signed in as carol').waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(['jobtree.token']);
  });

  test('asks a token for all partitions which one to open', async () => {
    const page = await open(server.page('', { partitions: ['*'] }));
    await page.getByLabel('Another partition').fill('p1');
    await page.getByRole('button', { name: 'Open' }).click();

    await page.getByText('of 1 job').waitFor();
  });
});

describe('a token', () => {
  test('that expires ends the session with its reason, and the page stays', async () => {
    const page = await open(server.page('/p/p1/jobs', { exp: Math.floor(Date.now() / 1000) + 3 }));
    await page.getByText('alpha-1').waitFor();

    await page.getByText(/Your token has expired/).waitFor();

    await page.getByLabel('Token (JWT)').fill(token());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('alpha-1').waitFor();
  });

  test('that the API refuses ends the session with the reason of the API', async () => {
    const page = await open(server.page('/p/p1/jobs', { aud: 'another' }));

    await page.getByText(/audience/i).waitFor();
  });
});

describe('the frame', () => {
  test('switches the partition', async () => {
    const all = { partitions: ['p1', 'p2'] };
    await server.api.call('PUT', '/partitions/p2/jobs/of-two', { body: JOB, token: token(all) });
    const page = await open(server.page('/p/p1/jobs', all));
    await page.getByText('alpha-1').waitFor();

    await page.getByRole('button', { name: 'p1', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'p2' }).click();

    await page.getByText('of-two').waitFor();
  });

  test('keeps the theme that was chosen', async () => {
    const page = await open(server.page('/p/p1/jobs'));
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();

    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  test('shows its keys by a question mark', async () => {
    const page = await open(server.page('/p/p1/jobs'));
    await page.getByText('alpha-1').waitFor();
    await page.keyboard.press('?');

    await page.getByRole('dialog', { name: 'Keys' }).getByText('Next row').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('has its navigation behind a button on a phone', async () => {
    const page = await open(server.page('/p/p1/jobs/alpha-1'), WIDTHS.phone);
    await page.getByRole('button', { name: 'Menu' }).click();
    await screenshot(page, 'menu-phone');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click();

    await page.waitForURL(/\/jobs$/);
  });

  test('says how to reach the API if there is none', async () => {
    const page = await open(server.page('/p/p1/jobs'));
    await page.getByText('alpha-1').waitFor();
    await page.route('**/partitions/**', (route) => route.abort());

    await page
      .getByRole('alert')
      .getByText(/No response from/)
      .waitFor();
  });
});

test('an id with a slash, a percent sign or spaces is the same in the address and the API', async () => {
  const id = 'a b%20c+ä&#';
  await createdJob(server.api, id, JOB);
  const page = await open(server.page('/p/p1/jobs'));
  await page.getByRole('link', { name: id }).click();

  await page.getByRole('heading', { name: id }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: id }).waitFor();
});

test('the sign-in and the docs are accessible at every width and in both themes', async () => {
  await reviewPage(browser, `${withIssuer.url}/console`, 'sign-in', (page) =>
    page.getByText('Use a token').waitFor(),
  );
  await reviewPage(browser, `${server.url}/docs/reference/http-api`, 'docs', (page) =>
    page.getByRole('heading', { name: 'Problems' }).waitFor(),
  );
});
