// The user's guide by mouse and keyboard, in its order: a token refused, corrected and validated, the data
// synchronized with a pause, the directory searched, an ambiguous match decided, the panels looked at.

import { readFile } from 'node:fs/promises';
import { expect, message, openAdmin, openSection, picture, rowsOf, signIn, stageTest, usersOf } from '../support/test.js';
import { checkAccessibility } from '../support/accessibility.js';

const test = stageTest(['--users', '12000', '--seed', '7', '--jira-user-count', '2500', '--slow-body-ms', '2000']);
test.describe.configure({ mode: 'serial' });

test('a wrong token is refused in words, the right one is validated', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  await checkAccessibility(page, 'credentials');
  await picture(page, info, '01-credentials');

  await page.getByRole('button', { name: 'Save and validate' }).click();
  await expect(page.getByLabel('Okta URL')).toBeFocused();
  await expect(page.getByText('Fill in this field.')).toHaveCount(2);

  // By keyboard alone, with the issuer URI as Okta shows it.
  await page.getByLabel('Okta URL').fill(`${stage.org.url}/oauth2/default`);
  await page.getByLabel('API token', { exact: false }).last().focus();
  await page.keyboard.type('00thisTokenIsWrong');
  await page.keyboard.press('Enter');
  const credential = page.locator('[data-capability=credential]');
  await expect(credential).toContainText('Refused');
  await expect(credential).toContainText('create a new one under Security > API > Tokens');
  await expect(message(page, 'Synchronization cannot work yet')).toContainText('Nothing was saved.');
  await checkAccessibility(page, 'refused');
  await picture(page, info, '02-refused');
  await expect(page.locator('#okp-facts')).toContainText('Not connected');

  // Trying is not keeping.
  await page.locator('#okp-token').fill(stage.org.token);
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'This was only tried.')).toBeVisible();
  await expect(page.locator('#okp-facts')).toContainText('Not connected');
  await page.locator('#okp-token').fill(stage.org.token);
  await page.keyboard.press('Enter');
  await expect(message(page, 'The connection works')).toBeVisible();
  await expect(page.locator('[data-capability=read_users]')).toContainText('OK');
  await checkAccessibility(page, 'validated');
  await picture(page, info, '03-validated');

  // Write-only: neither the page nor an answer has it again.
  await expect(page.locator('#okp-token')).toHaveValue('');
  // What works is never given up for what does not.
  await page.locator('#okp-token').fill('00anotherWrongToken');
  await page.keyboard.press('Enter');
  await expect(message(page, 'the present connection works and stays in force')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save anyway' })).toHaveCount(0);
  await page.reload();
  await expect(page.locator('#okp-org-url')).toHaveValue(stage.org.url);
  expect(await page.content()).not.toContain(stage.org.token);
  const answer = await page.evaluate(async (base) => (await fetch(`${base}/api/connection`)).text(),
    stage.admin.replace('/admin', ''));
  expect(answer).not.toContain(stage.org.token);
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'The connection works')).toBeVisible();
});

test('a run shows its progress, is cancelled, and resumes', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Synchronization');
  await checkAccessibility(page, 'sync');
  // Two seconds an answer, so that a slow machine sees something, too.
  await stage.org.control('faults', { faults: ['slow-body'], every: 1 });
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  const bar = page.getByRole('progressbar');
  await expect(bar).toBeVisible();
  const now = async () => Number((await bar.getAttribute('aria-valuenow')) || 0);
  await expect.poll(now).toBeGreaterThan(0);
  const early = await now();
  await expect.poll(now).toBeGreaterThan(early);
  await expect(page.locator('#okp-progress-line')).toContainText('users a second');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(message(page, 'The last run was interrupted')).toBeVisible();
  await picture(page, info, '05-interrupted');

  await page.getByRole('button', { name: 'Resume' }).focus();
  await page.keyboard.press('Enter');
  await expect(bar).toBeVisible();
  await picture(page, info, '04-running');
  await checkAccessibility(page, 'running');
  await stage.org.control('faults', { faults: [] });
  await expect(message(page, 'The directory is up to date: 12,000 users')).toBeVisible();
  await expect(page.locator('#okp-runs tbody tr').first()).toContainText('Complete');
  await expect(page.locator('#okp-facts')).toContainText('12,000');

  await page.getByRole('button', { name: 'Report' }).first().press('Enter');
  await expect(page.locator('.okp-run-details').first()).toContainText('Matched by a rule');
  await expect(page.locator('.okp-change').first()).toContainText('New');
  await checkAccessibility(page, 'report');
  await picture(page, info, '06-complete');
});

test('changes in Okta are reported field by field', async ({ page, stage }, info) => {
  const [user] = await usersOf(stage);
  await stage.org.control('mutate', { update: { id: user.id, profile: { department: 'Moon Office', city: 'Tycho' } } });
  await openAdmin(page, stage, 'Synchronization');
  await page.getByLabel('What to read').selectOption('full');
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  await expect(page.locator('#okp-runs tbody tr[data-run]')).toHaveCount(2);
  await expect(page.locator('#okp-runs tbody tr').first()).toContainText('Complete');
  await page.getByRole('button', { name: 'Report' }).first().click();
  const change = page.locator('.okp-run-details').first().locator('.okp-change');
  await expect(change).toHaveCount(1);
  await expect(change).toContainText('Moon Office');
  await picture(page, info, '07-changes');
});

test('a mass loss is refused until it is confirmed', async ({ page, stage }, info) => {
  await stage.org.control('mutate', { delete_range: { from: 7000, to: 12000 } });
  await openAdmin(page, stage, 'Synchronization');
  await page.getByLabel('What to read').selectOption('full');
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  await expect(message(page, 'Too many users would be marked absent')).toBeVisible();
  await picture(page, info, '08-mass-loss');
  await page.getByRole('button', { name: 'Mark them absent' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await checkAccessibility(page, 'dialog');
  await picture(page, info, '09-confirm');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Mark them absent' }).click();
  await page.getByRole('button', { name: 'Mark absent and synchronize' }).click();
  await expect(message(page, 'The directory is up to date: 7,000 users')).toBeVisible();
});

test('the directory is searched, filtered, paged and saved', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Directory');
  const rows = page.locator('#okp-rows tbody tr');
  await expect(rows).toHaveCount(50);
  await checkAccessibility(page, 'directory');
  await picture(page, info, '10-directory');
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await expect(rows).toHaveCount(100);

  const [user] = await usersOf(stage);
  await page.getByRole('searchbox').fill(user.profile.login.toUpperCase());
  await page.getByLabel('Search in').selectOption('login');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(rows).toHaveCount(1);
  await rows.getByRole('link').click();
  await expect(page.locator('#okp-profile-attributes')).toContainText('Moon Office');
  await expect(page.locator('#okp-profile-history')).toContainText('Tycho');
  await expect(page.locator('#okp-profile-match')).toContainText('By the rule E-mail = E-mail');
  await checkAccessibility(page, 'profile');
  await picture(page, info, '11-profile');

  await page.getByRole('link', { name: '← Directory' }).click();
  await page.getByRole('button', { name: 'Absent' }).click();
  // What was searched for stays, and that user is not absent.
  await expect(page.getByText('Nobody here begins with that.')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(50);
  await picture(page, info, '11-absent');
  await page.getByRole('button', { name: 'Matched' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download this list as CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\n')[0].toLowerCase()).toContain('login');
  expect(csv.split('\n').length).toBeGreaterThan(1000);

  // What is searched for within the filter is all that is taken away.
  await page.getByLabel('Search in').selectOption('name');
  await page.getByRole('searchbox').fill('an');
  await page.keyboard.press('Enter');
  const shown = page.locator('#okp-rows:not([aria-busy]) tbody tr');
  await expect(shown.first()).toBeVisible();
  const [found] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download this list as CSV' }).click(),
  ]);
  // A text in quotes may have several lines.
  const entries = (text) => text.replace(/"(?:[^"]|"")*"/g, '').trim().split('\n').length - 1;
  const taken = entries(await readFile(await found.path(), 'utf8'));
  expect(taken).toBeLessThan(entries(csv) / 2);
  while (await page.getByRole('button', { name: 'Show more' }).isVisible()) {
    const before = await shown.count();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => shown.count()).toBeGreaterThan(before);
  }
  await expect(shown).toHaveCount(taken);
});

test('a search stays within its filter, page by page', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Directory');
  const rows = page.locator('#okp-rows:not([aria-busy]) tbody tr');
  for (const [filter, view, field, value] of [
    ['Matched', 'matched', 'name', ({ okta }) => okta.displayName || [okta.firstName, okta.lastName].join(' ')],
    ['Ambiguous', 'ambiguous', 'email', ({ okta }) => okta.email],
    ['Deactivated', 'deactivated', 'login', ({ okta }) => okta.login],
    ['Only in Jira', 'jira_only', 'name', ({ jira }) => jira.displayName],
    ['Absent', 'absent', 'login', ({ okta }) => okta.login],
  ]) {
    const texts = (await rowsOf(page, stage, view)).map((row) => (value(row) || '').trim().toLowerCase());
    const fitting = (prefix) => texts.filter((text) => text.startsWith(prefix)).length;
    const someone = texts.find((text) => text.length > 1);
    // As much of a text as leaves a few pages at most.
    const prefix = [...someone].map((_, end) => someone.slice(0, end + 1)).find((start) => fitting(start) <= 200);
    const found = fitting(prefix);
    await page.getByRole('button', { name: filter, exact: true }).click();
    await page.getByLabel('Search in').selectOption(field);
    await page.getByRole('searchbox').fill(prefix.toUpperCase());
    await page.keyboard.press('Enter');
    for (let shown = 50; shown < found; shown += 50) {
      await expect(rows).toHaveCount(shown);
      await page.getByRole('button', { name: 'Show more' }).click();
    }
    await expect(rows).toHaveCount(found);
    await expect(page.getByRole('button', { name: 'Show more' })).toBeHidden();
    await expect(page.getByRole('button', { name: filter, exact: true })).toHaveAttribute('aria-pressed', 'true');
  }
  await checkAccessibility(page, 'search in a filter');
  await picture(page, info, '12-search-in-a-filter');
});

test('an ambiguous match is decided by hand, and undone', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Directory');
  await page.getByRole('button', { name: 'Ambiguous' }).click();
  await expect(page.locator('#okp-rows:not([aria-busy]) tbody tr').first()).toContainText('Ambiguous');
  await page.locator('#okp-rows tbody a').first().press('Enter');
  await expect(page.getByText('More than one pair fits the rule')).toBeVisible();
  await checkAccessibility(page, 'ambiguous');
  await picture(page, info, '12-ambiguous');
  await page.getByRole('button', { name: 'Match by hand' }).click();
  await expect(message(page, 'Choose one of the users first.')).toBeVisible();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Match by hand' }).press('Enter');
  await expect(page.locator('#okp-profile-match')).toContainText('By hand');
  await expect(page.locator('#okp-profile-history')).toContainText(/Matched with .+ by .+\./);
  await picture(page, info, '13-by-hand');
  await page.getByRole('button', { name: 'Undo match by hand' }).click();
  await expect(page.getByText('More than one pair fits the rule')).toBeVisible();
});

test('rules, schedule and what is kept are settings', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Settings');
  const rules = page.locator('#okp-rules li');
  await expect(rules).toHaveCount(3);
  await page.getByRole('button', { name: 'Move E-mail = E-mail up' }).press('Enter');
  await expect(rules.first()).toContainText('E-mail = E-mail');
  await expect(page.getByRole('button', { name: 'Move E-mail = E-mail down' })).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(rules.nth(1)).toContainText('E-mail = E-mail');
  await rules.nth(1).dragTo(rules.first());
  await expect(rules.first()).toContainText('E-mail = E-mail');

  // Every rule that is offered is one that the engine takes.
  const field = page.getByLabel('Okta attribute');
  await field.click();
  const attributes = await page.locator('.okp-choices [role=option]').evaluateAll((options) => options.map(({ dataset }) => dataset.value));
  expect(attributes.length).toBeGreaterThan(20);
  const answer = await page.request.post(`${stage.admin.replace('/admin', '')}/api/match/preview`, {
    data: { rules: attributes.map((attribute) => `${attribute}=email`) },
    headers: { 'X-Atlassian-Token': 'no-check' },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  await field.fill('employeeN');
  await page.getByRole('option', { name: 'Employee number (employeeNumber)' }).click();
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(rules.last()).toContainText('Employee number = Username');
  await page.reload();
  await expect(rules).toHaveCount(3);

  // Without the rule that found most of them, they are named, and each name leads to the profile.
  await page.getByRole('button', { name: 'Remove Login = Username', exact: true }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('heading', { name: /would lose their present match/ })).toBeVisible();
  await checkAccessibility(page, 'preview of rules');
  await picture(page, info, '14-rules');
  const lost = page.locator('#okp-rules-result li a').first();
  const name = await lost.textContent();
  await lost.click();
  await expect(page.getByRole('heading', { name, level: 3 })).toBeVisible();
  await openSection(page, 'Settings');
  await page.getByRole('button', { name: 'Move E-mail = E-mail up' }).press('Enter');
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(message(page, 'Users are matched by the new rules.')).toBeVisible();
  await page.getByLabel('Synchronize by itself').selectOption('240');
  await page.locator('#okp-schedule-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Saved.')).toBeVisible();
  await page.getByLabel('Attributes to drop').fill('mobilePhone, secondEmail');
  await page.locator('#okp-keep-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Saved. It takes effect with the next synchronization.')).toBeVisible();
  await page.reload();
  await expect(rules.first()).toContainText('E-mail = E-mail');
  await expect(page.getByLabel('Synchronize by itself')).toHaveValue('240');
  await expect(page.getByLabel('Attributes to drop')).toHaveValue('mobilePhone, secondEmail');
});

test('issues and profiles show chosen attributes to those who may see them', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Display');
  const items = page.locator('#okp-panel-attributes li');
  await expect(items).not.toHaveCount(0);
  const before = await items.count();
  const attribute = page.getByLabel('Attribute', { exact: true });
  await attribute.fill('nothing is called so');
  await expect(page.getByText('Nothing fits.', { exact: true }).last()).toBeVisible();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('#okp-panel-attribute-error')).toHaveText('Choose one of the list.');
  await attribute.fill('');
  await attribute.press('ArrowDown');
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await checkAccessibility(page, 'choices');
  await picture(page, info, '15-choices');
  await attribute.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await attribute.press('ArrowDown');
  await attribute.press('Enter');
  await expect(attribute).not.toHaveValue('');
  await attribute.press('Enter');
  await expect(items).toHaveCount(before + 1);
  await expect(items.filter({ hasText: 'Manager' })).toHaveCount(0);
  await expect(page.locator('#okp-search-attributes li')).toHaveCount(0);
  await page.getByLabel('Attribute to search by').fill('department');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page.locator('#okp-search-attributes li')).toContainText(['Department']);
  await page.getByText('Help desk').click();
  await page.locator('#okp-display-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Nobody sees it until a group is named.')).toBeVisible();
  await page.getByLabel('Visible to the Jira group').fill('no-such-group');
  await page.locator('#okp-display-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Jira has no group no-such-group.')).toBeVisible();
  await page.getByLabel('Visible to the Jira group').fill('READ');
  await page.getByRole('option', { name: 'okta-readers' }).click();
  await page.locator('#okp-display-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Issues show it from now on.')).toBeVisible();
  await checkAccessibility(page, 'display');
  await picture(page, info, '15-display');

  const matched = (await rowsOf(page, stage, 'matched'))[0].jira.key;
  await page.goto(`${stage.jira.url}/browse/HELP-1?reporter=${matched}`);
  await expect(page.getByRole('heading', { name: 'Okta profile' })).toBeVisible();
  await expect(page.getByText('Department').first()).toBeVisible();
  await checkAccessibility(page, 'issue');
  await picture(page, info, '16-issue');
  await page.goto(`${stage.jira.url}/browse/OPS-1?reporter=${matched}`);
  await expect(page.getByRole('heading', { name: 'OPS-1' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Okta profile' })).toHaveCount(0);
  await page.goto(`${stage.jira.url}/secure/ViewProfile.jspa?name=${matched}`);
  await expect(page.getByRole('heading', { name: 'Okta profile' })).toBeVisible();
  await checkAccessibility(page, 'user');
  await picture(page, info, '17-user');

  await page.goto(`${stage.jira.url}/logout`);
  await signIn(page, stage, 'alice');
  await page.goto(`${stage.jira.url}/browse/HELP-1?reporter=${matched}`);
  await expect(page.getByRole('heading', { name: 'HELP-1' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Okta profile' })).toHaveCount(0);
});

test('diagnostics can be read and taken away', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Support');
  const facts = page.locator('#okp-diagnostics');
  await expect(facts).toContainText('glibc');
  await expect(facts).toContainText('Signs in withAPI token');
  const byName = page.locator('#okp-diagnostics-by-name');
  await expect(byName).toBeHidden();
  await page.getByText('All facts and settings').click();
  await expect(byName).toContainText('matching.rules');
  await expect(page.locator('#okp-log')).toContainText('run 1 begins');
  await checkAccessibility(page, 'support');
  await picture(page, info, '18-support');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download diagnostics' }).click(),
  ]);
  const zip = await readFile(await download.path());
  expect(zip.subarray(0, 2).toString()).toBe('PK');
  expect(zip.toString('latin1')).not.toContain(stage.org.token);
});
