// What an administrator does in the first hour, told twice: with the mouse, and by the keyboard alone. A wrong credential
// and the right one, a service app, a scope that is missing, rules, an ambiguous user, the list that saves licences.

import { readFile } from 'node:fs/promises';
import { checkAccessibility } from '../support/accessibility.js';
import { keyboard, mouse } from '../support/hands.js';
import { expect, message, openAdmin, picture, rowsOf, stageTest } from '../support/test.js';

const test = stageTest(['--users', '400', '--seed', '11', '--jira-user-count', '150', '--known-statuses']);
test.describe.configure({ mode: 'serial' });

const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name, level: 3, exact: true });

/** Shows a section once its heading is there, which is focused then: Tab goes on inside. */
async function go(page, hands, section) {
  await hands.press(link(page, section));
  await expect(heading(page, section)).toBeVisible();
}

async function synchronize(page, hands) {
  await go(page, hands, 'Synchronization');
  await hands.select(page.getByLabel('What to read'), 'full');
  await hands.press(button(page, 'Synchronize now'));
  await expect(message(page, 'The directory is up to date: 400 users')).toBeVisible();
}

/** The records of a CSV file, whose texts may have commas, quotes and lines of their own. */
function records(csv) {
  const rows = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      rows.push([]);
    }
  }
  const [names, ...values] = rows.filter((row) => row.join('') !== '');
  return values.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

// The keyboard meets every widget of the host, so it is what both flavours are tried with.
const WAYS = [['mouse', mouse, ''], ['keyboard', keyboard, ' @both']];

for (const [way, handsOf, flavours] of WAYS) {
  test(`by ${way}: a wrong credential is told, the right one connects, a service app takes its place${flavours}`, async ({ page, stage }, info) => {
    const hands = handsOf(page);
    await openAdmin(page, stage);
    await hands.write(page.getByLabel('Okta URL'), stage.org.url);
    await hands.write(page.locator('#okp-token'), '00thisTokenIsWrong');
    await hands.press(button(page, 'Save and validate'));
    await expect(page.locator('[data-capability=credential]')).toContainText('Refused');
    await expect(page.locator('#okp-facts')).toContainText('Not connected');
    await hands.write(page.locator('#okp-token'), stage.org.token);
    await hands.press(button(page, 'Save and validate'));
    await expect(message(page, 'The connection works')).toBeVisible();
    await expect(page.locator('#okp-facts')).toContainText('API token');

    await hands.tick(page.getByLabel('A service app'));
    const { service } = await (await stage.org.control('oauth')).json();
    await hands.write(page.getByLabel('Client ID'), service.client_id);
    await hands.press(button(page, 'Make a key here'));
    const shown = page.getByLabel('Public key', { exact: true });
    await expect(shown).toHaveValue(/"kty"/);
    await stage.org.control('oauth', { service: { public_keys: JSON.parse(await shown.inputValue()) } });
    await hands.press(button(page, 'Save and validate'));
    await expect(page.locator('#okp-facts')).toContainText('Service app');
    await expect(message(page, 'The connection works')).toBeVisible();
    await picture(page, info, `80-${way}-service-app`);
  });

  test(`by ${way}: a missing scope is a warning until it is granted${flavours}`, async ({ page, stage }, info) => {
    const hands = handsOf(page);
    const { service } = await (await stage.org.control('oauth')).json();
    const grant = (scopes) => stage.org.control('oauth', { service: { granted_scopes: scopes } });
    const scopes = service.granted_scopes;
    await openAdmin(page, stage, 'Settings');
    if (!(await page.getByLabel('Read groups and their members').isChecked())) {
      await hands.tick(page.getByLabel('Read groups and their members'));
      await hands.press(page.locator('#okp-keep-form').getByRole('button', { name: 'Save' }));
      await expect(message(page, 'Saved.')).toBeVisible();
    }
    await grant(scopes.filter((scope) => scope !== 'okta.groups.read'));
    // A token has the scopes of the time when it was made.
    await stage.org.control('oauth', { expire_access_tokens: true });
    await synchronize(page, hands);
    await expect(message(page, 'The directory is up to date: 400 users')).toContainText('okta.groups.read');
    await go(page, hands, 'Overview');
    await expect(page.locator('#okp-overview-warnings')).toContainText('okta.groups.read');
    await checkAccessibility(page, 'a missing scope');
    await picture(page, info, `81-${way}-missing-scope`);
    await go(page, hands, 'Connection');
    await hands.press(button(page, 'Validate'));
    await expect(page.locator('#okp-checks')).toContainText('okta.groups.read');

    await grant(scopes);
    await stage.org.control('oauth', { expire_access_tokens: true });
    await hands.press(button(page, 'Validate'));
    await expect(message(page, 'The connection works')).toBeVisible();
    await synchronize(page, hands);
    await go(page, hands, 'Overview');
    await expect(page.locator('#okp-overview-figures')).toContainText('400');
    await expect(page.locator('#okp-overview-warnings')).not.toContainText('okta.groups.read');
  });

  test(`by ${way}: rules are made of what is offered, and previewed by name${flavours}`, async ({ page, stage }, info) => {
    const hands = handsOf(page);
    await openAdmin(page, stage, 'Settings');
    const rules = page.locator('#okp-rules li');
    await expect(rules).toHaveCount(3);
    const attribute = page.getByLabel('Okta attribute');
    await hands.press(button(page, 'Add rule'));
    await expect(page.locator('#okp-rule-okta-error')).toHaveText('Choose one of the list.');
    await hands.choose(attribute, 'number', 'Employee number (employeeNumber)');
    await checkAccessibility(page, 'a chosen attribute');
    await hands.select(page.getByLabel('equals in Jira'), 'email');
    await hands.press(button(page, 'Add rule'));
    await expect(rules.last()).toContainText('Employee number = E-mail');
    await hands.press(button(page, 'Remove Login = Username'));
    await hands.press(button(page, 'Preview'));
    await expect(page.getByRole('heading', { name: /would lose their present match/ })).toBeVisible();
    await picture(page, info, `82-${way}-preview`);
    await page.reload();
    await expect(rules).toHaveCount(3);
  });

  test(`by ${way}: an ambiguous user is decided, and undone${flavours}`, async ({ page, stage }, info) => {
    const hands = handsOf(page);
    await openAdmin(page, stage, 'Directory');
    await hands.press(page.getByRole('button', { name: 'Ambiguous' }));
    const row = page.locator('#okp-rows:not([aria-busy]) tbody tr').first();
    await expect(row).toContainText(/\d candidates?/);
    await picture(page, info, `83-${way}-ambiguous`);
    await hands.press(row.getByRole('link'));
    await expect(page.getByText('More than one pair fits the rule')).toBeVisible();
    await hands.tick(page.locator('#okp-candidate-list input').last());
    await hands.press(button(page, 'Match by hand'));
    await expect(page.locator('#okp-profile-match')).toContainText('By hand');
    await expect(page.locator('#okp-profile-history')).toContainText(/Matched with .+ by .+\./);
    await hands.press(button(page, 'Undo match by hand'));
    await expect(page.getByText('More than one pair fits the rule')).toBeVisible();
  });

  test(`by ${way}: who is active in Jira though deactivated in Okta is found, searched and taken away${flavours}`, async ({ page, stage }, info) => {
    const hands = handsOf(page);
    await openAdmin(page, stage);
    const tied = (await rowsOf(page, stage, 'matched')).filter(({ okta, jira }) => okta.status === 'ACTIVE' && jira.active);
    for (const { okta } of tied.slice(0, 2)) {
      await stage.org.control('mutate', { status: { id: okta.id, status: 'DEPROVISIONED' } });
    }
    await synchronize(page, hands);
    await go(page, hands, 'Directory');
    await hands.press(page.getByRole('button', { name: 'Still active in Jira' }));
    const rows = page.locator('#okp-rows:not([aria-busy]) tbody tr');
    const orphaned = await rowsOf(page, stage, 'orphaned');
    await expect(rows).toHaveCount(Math.min(50, orphaned.length));
    const take = async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        hands.press(link(page, 'Download this list as CSV')),
      ]);
      return records(await readFile(await download.path(), 'utf8'));
    };
    const told = (list) => list.map(({ okta, jira }) => [okta.id, okta.status, jira.username]).sort();
    const read = (list) => list.map((record) => [record.okta_id, record.status, record.jira_username]).sort();
    expect(read(await take())).toEqual(told(orphaned));
    await picture(page, info, `84-${way}-licences`);

    // What is searched for is all that is taken away, by whatever name it is known.
    const [{ okta, jira }] = orphaned;
    await hands.write(page.getByRole('searchbox'), jira.username);
    await page.keyboard.press('Enter');
    await expect(rows.filter({ hasText: okta.login })).toHaveCount(1);
    const found = await rows.count();
    const taken = await take();
    expect(taken.length).toBe(found);
    expect(read(taken)).toContainEqual([okta.id, okta.status, jira.username]);

    await go(page, hands, 'Connection');
    await hands.press(button(page, 'Disconnect'));
    await hands.press(page.locator('#okp-dialog-yes'));
    await expect(message(page, 'Disconnected.')).toBeVisible();
  });
}
