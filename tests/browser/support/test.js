// What every test gets: the org, Jira with the plugin, a page that watches for faults of its own.

import { test as base, expect } from '@playwright/test';
import { startJira, startOrg, withFolder } from './stage.js';

export { expect };

/** A test with an org started with `orgArguments`; org and Jira live as long as the file's tests. */
export function stageTest(orgArguments) {
  return base.extend({
    flavour: ['jira10', { option: true, scope: 'worker' }],
    aui: ['aui9', { option: true, scope: 'worker' }],

    stage: [
      async ({ flavour, aui }, use) => {
        await withFolder(async (folder) => {
          const org = await startOrg(folder, orgArguments);
          const jira = await startJira(folder, { flavour, aui, jiraUsers: org.jiraUsers });
          await use({ org, jira, admin: `${jira.url}/plugins/servlet/okta-profiles/admin` });
          const code = await jira.stop();
          await org.stop();
          expect(code, 'the JVM ends by itself').toBe(0);
        });
      },
      { scope: 'worker' },
    ],

    page: async ({ page, stage }, use) => {
      const faults = [];
      page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
      page.on('dialog', (dialog) => {
        faults.push(`a script opened a dialog: ${dialog.message()}`);
        dialog.dismiss();
      });
      page.on('console', (line) => {
        if (/Content Security Policy/i.test(line.text())) {
          faults.push(line.text());
        }
      });
      await use(page);
      expect(faults).toEqual([]);
      expect(await page.evaluate(() => window.okpHacked)).toBeUndefined();
      expect(await page.evaluate(() => document.body.innerText), 'every text has its words').not.toContain('okta-profiles.page.');
      const reports = await (await fetch(`${stage.jira.url}/csp`)).json();
      expect(reports, 'violations of the Content-Security-Policy').toEqual([]);
    },
  });
}

export async function signIn(page, stage, user = 'admin') {
  await page.goto(stage.admin);
  await page.getByLabel('Username').fill(user);
  await page.getByLabel('Password').fill(user);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: 'Log in' })).toHaveCount(0);
}

/** Signs in as administrator and confirms the password, as WebSudo wants it. */
export async function openAdmin(page, stage, section = 'Connection') {
  await signIn(page, stage);
  await confirmPassword(page);
  await openSection(page, section);
}

export async function confirmPassword(page) {
  // The page before has a field of this label, too.
  await expect(page.getByText('Confirm your password')).toBeVisible();
  await page.getByLabel('Password').fill('admin');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: /^(Overview|Connection)$/, level: 3 })).toBeVisible();
}

/** A section is shown once it has loaded, so whatever is read from it then is true. */
export async function openSection(page, section) {
  await page.getByRole('link', { name: section, exact: true }).click();
  await expect(page.getByRole('heading', { name: section, level: 3 })).toBeVisible();
}

/** Connects with the org's API token. */
export async function connectWithToken(page, stage) {
  await page.getByLabel('Okta URL').fill(stage.org.url);
  await page.locator('#okp-token').fill(stage.org.token);
  await page.keyboard.press('Enter');
  await expect(message(page, 'The connection works')).toBeVisible();
}

/** Reads everything and waits until the directory has this many users. */
export async function synchronize(page, users) {
  await openSection(page, 'Synchronization');
  await page.getByLabel('What to read').selectOption('full');
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  await expect(message(page, `The directory is up to date: ${users} users`)).toBeVisible();
}

/** What the org holds, as it is. */
export async function usersOf(stage) {
  const text = await (await stage.org.control('users')).text();
  return text.trim().split('\n').map((line) => JSON.parse(line));
}

/** Every row of a view. */
export async function rowsOf(page, stage, view) {
  const rows = [];
  let after = '';
  do {
    const url = `${stage.admin.replace('/admin', '')}/api/directory?view=${view}&limit=500&after=${after}`;
    const answer = await (await page.request.get(url)).json();
    rows.push(...answer.rows);
    after = answer.next;
  } while (after);
  return rows;
}

/** A message on the page; the text that is read out besides does not count. */
export function message(page, text) {
  return page.locator('.aui-message').filter({ hasText: text });
}

/** Screenshots for people, below target/browser. */
export async function picture(page, testInfo, name) {
  const path = `${testInfo.project.outputDir}/../${testInfo.project.name}/${name}.png`;
  await page.screenshot({ path, fullPage: true });
}
