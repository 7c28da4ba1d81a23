// What an administrator may set, and what becomes of it: dry runs and budgets, proxy and certificates, whom and what
// to keep, groups, managers, the schedule.

import { createServer } from 'node:http';
import { checkAccessibility } from '../support/accessibility.js';
import {
  connectWithToken, expect, message, openAdmin, openSection, picture, rowsOf, stageTest, synchronize, usersOf,
} from '../support/test.js';

const test = stageTest(['--users', '400', '--seed', '11', '--jira-user-count', '150', '--workforce-limits', '--known-statuses']);
test.describe.configure({ mode: 'serial' });

const api = async (page, stage, path) => (await page.request.get(`${stage.admin.replace('/admin', '')}/api/${path}`)).json();

/** A proxy that refuses everything and remembers what it was asked for. */
async function startProxy() {
  const asked = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const stop = () => new Promise((closed) => server.close(closed));
  return { url: `http://127.0.0.1:${server.address().port}`, asked, stop };
}

async function save(page, form) {
  await page.locator(form).getByRole('button', { name: 'Save' }).click();
  // A report on the connection may speak of what was saved, too.
  await expect(page.locator('#okp-notice .aui-message').filter({ hasText: 'Saved.' })).toBeVisible();
}

async function openProfile(page, user) {
  await openSection(page, 'Directory');
  await page.getByLabel('Search in').selectOption('login');
  await page.getByRole('searchbox').fill(user.profile.login);
  await page.keyboard.press('Enter');
  await expect(page.locator('#okp-rows:not([aria-busy]) tbody tr')).toHaveCount(1);
  await page.locator('#okp-rows tbody a').press('Enter');
  await expect(page.locator('#okp-profile-login')).toContainText(user.profile.login);
}

test('a dry run tells what a run would do, and does none of it', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  await connectWithToken(page, stage);
  await openSection(page, 'Synchronization');
  await page.getByText('Dry run', { exact: true }).click();
  await page.getByRole('button', { name: 'Synchronize now' }).press('Enter');
  await expect(message(page, 'Dry run: the directory would have 400 users')).toContainText('400 would be new, 0 changed');
  await expect(message(page, 'Dry run: the directory would have 400 users')).toContainText(/Matched by a rule\D*[1-9]/);
  await expect(page.getByText('Nothing has been synchronized yet.')).toBeVisible();
  await expect(page.locator('#okp-facts')).toContainText('None yet');
  await checkAccessibility(page, 'first dry run');
  await picture(page, info, '40-first-dry-run');
  await openSection(page, 'Directory');
  await expect(page.getByText('Nobody here. Has the directory been synchronized?')).toBeVisible();
  await picture(page, info, '41-empty-directory');

  await openSection(page, 'Synchronization');
  await page.getByText('Dry run', { exact: true }).click();
  await synchronize(page, 400);
  const before = await api(page, stage, 'sync');
  const [changed, gone] = await usersOf(stage);
  await stage.org.control('mutate', { update: { id: changed.id, profile: { department: 'Moon Office' } } });
  await stage.org.control('mutate', { delete: { id: gone.id } });
  const profile = { login: 'new.one@example.com', email: 'new.one@example.com', firstName: 'New', lastName: 'One' };
  await stage.org.control('mutate', { create: { profile } });
  await page.getByText('Dry run', { exact: true }).click();
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  const outcome = message(page, 'Dry run: the directory would have 400 users');
  await expect(outcome).toContainText('1 would be new, 1 changed, 1 no longer there. Nothing was changed.');
  await expect(outcome).toContainText(/department: 1/i);
  await expect(outcome).toContainText('Matched by a rule');
  await checkAccessibility(page, 'dry run');
  await picture(page, info, '42-dry-run');
  const after = await api(page, stage, 'sync');
  expect(after.statistics).toEqual(before.statistics);
  expect(after.runs).toEqual(before.runs);
  await expect(page.locator('#okp-runs tbody tr[data-run]')).toHaveCount(1);
  await openProfile(page, changed);
  await expect(page.locator('#okp-profile-attributes')).not.toContainText('Moon Office');

  await openSection(page, 'Synchronization');
  await page.getByText('Dry run', { exact: true }).click();
  await synchronize(page, 400);
  await expect(page.locator('#okp-sync-outcome')).toContainText('1 new, 1 changed, 1 no longer there.');
});

test('the overview leads from its figures to the people, and names who outlived an Okta account', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Overview');
  await expect(message(page, 'All is well')).toBeVisible();
  const tied = (await rowsOf(page, stage, 'matched')).find(({ okta, jira }) => okta.status === 'ACTIVE' && jira.active);
  await stage.org.control('mutate', { status: { id: tied.okta.id, status: 'DEPROVISIONED' } });
  await synchronize(page, 400);
  await openSection(page, 'Overview');
  const orphaned = await rowsOf(page, stage, 'orphaned');
  expect(orphaned.map(({ okta }) => okta.id)).toContain(tied.okta.id);
  await expect(page.locator('#okp-orphaned li')).toHaveCount(Math.min(orphaned.length, 11));
  await expect(page.locator('#okp-chart svg')).toHaveAttribute('aria-label', /complete runs: from 400 to 400 users/);
  await expect(page.getByText('No group of Jira may see Okta profiles on issues yet.')).toBeVisible();
  await checkAccessibility(page, 'overview');
  await picture(page, info, '53-overview');

  const matched = (await rowsOf(page, stage, 'matched')).length;
  await page.getByRole('link', { name: `${matched} match a Jira user` }).press('Enter');
  const filter = page.getByRole('button', { name: 'Matched', exact: true });
  await expect(filter).toHaveAttribute('aria-pressed', 'true');
  await expect(filter).toContainText(String(matched));
  await page.getByRole('searchbox').fill(tied.okta.login.slice(0, 3));
  await page.getByLabel('Search in').selectOption('login');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page).toHaveURL(/#\/directory\?view=matched&q=.+&field=login/);
  const found = page.locator('#okp-rows:not([aria-busy]) tbody tr');
  await expect(found.filter({ hasText: tied.okta.login })).toHaveCount(1);
  const before = await found.count();
  await page.reload();
  await expect(found).toHaveCount(before);
  await found.filter({ hasText: tied.okta.login }).getByRole('link').click();
  await page.getByRole('link', { name: '← Directory' }).click();
  await expect(filter).toHaveAttribute('aria-pressed', 'true');
  await expect(found).toHaveCount(before);
  await picture(page, info, '54-directory-by-address');
});

test('whom no rule finds is matched by hand', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  const [{ okta }] = await rowsOf(page, stage, 'okta_only');
  const [{ jira }] = await rowsOf(page, stage, 'jira_only');
  await openProfile(page, { profile: okta });
  await page.getByLabel('Find the Jira user').fill('nobody has this');
  await page.keyboard.press('Enter');
  await expect(message(page, 'No Jira user without an Okta user')).toBeVisible();
  await page.getByLabel('Find the Jira user').fill(jira.username);
  await page.keyboard.press('Enter');
  // AUI draws its radio button with the label, which lies over the input.
  await page.locator(`#okp-candidate-list input[value="${jira.key}"]`).press('Space');
  await checkAccessibility(page, 'match by hand');
  await picture(page, info, '55-match-by-hand');
  await page.getByRole('button', { name: 'Match by hand' }).press('Enter');
  await expect(page.locator('#okp-profile-match')).toContainText('By hand');
  await page.getByRole('button', { name: 'Undo match by hand' }).click();
  await expect(page.getByText('No rule finds a user in Jira.')).toBeVisible();
});

test('what is not there says so without a number and without a second try', async ({ page, stage }) => {
  await openAdmin(page, stage);
  await page.goto(`${stage.admin}#/directory/00uNobody`);
  await expect(message(page, 'Nobody in the directory has this id.')).toBeVisible();
  await expect(page.getByText('Error 0')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Directory', level: 3 })).toBeVisible();
});

test('what a run costs is told before it begins', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Synchronization');
  await page.getByText('What a run costs').focus();
  await page.keyboard.press('Enter');
  const facts = page.locator('#okp-budget-facts');
  await page.getByLabel('What to read').selectOption('full');
  await expect(facts).toContainText('All users');
  await expect(facts).toContainText('400');
  await expect(facts).toContainText('/api/v1/users');
  await expect(facts).toContainText(/Okta allows [\d,]+ a minute/);
  await expect(facts).toContainText('left to others');
  await checkAccessibility(page, 'budget');
  await picture(page, info, '43-budget');
  await page.getByLabel('What to read').selectOption('delta');
  await expect(facts).toContainText('Changes');
  await expect(facts).not.toContainText('All users');
});

test('proxy and certificates may differ from those of the JVM', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  await page.getByText('Network: proxy and certificates').focus();
  await page.keyboard.press('Enter');
  const facts = page.locator('#okp-network-facts');
  await expect(facts).toContainText('None, straight to Okta');
  // An org that only the proxy could reach; the engine goes straight to this machine itself.
  const saveForNobody = async () => {
    await page.getByLabel('Okta URL').fill('https://okta.invalid');
    await page.locator('#okp-token').fill('00aTokenForNobody');
    await page.keyboard.press('Enter');
  };
  // It has never worked, so it takes the place of no credential that has.
  const { orgUrl } = await api(page, stage, 'connection');
  const verdict = page.locator('#okp-report-verdict');
  await saveForNobody();
  await expect(verdict).toContainText('the present connection works and stays in force');
  expect((await api(page, stage, 'connection')).orgUrl).toBe(orgUrl);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.locator('#okp-dialog-yes').click();
  await expect(message(page, 'Disconnected.')).toBeVisible();
  await saveForNobody();
  await expect(verdict).toContainText('Synchronization cannot work yet');
  expect((await api(page, stage, 'connection')).orgUrl).toBeNull();
  // Who knows better may keep it all the same.
  await page.getByRole('button', { name: 'Save anyway' }).press('Enter');
  await expect(message(page, 'Saved, although it did not work.')).toBeVisible();
  expect((await api(page, stage, 'connection')).orgUrl).toBe('https://okta.invalid');

  const proxy = await startProxy();
  const validate = async (outcome) => {
    await page.getByRole('button', { name: 'Validate', exact: true }).click();
    await expect(verdict).toContainText(outcome);
  };
  try {
    await page.getByText('Use another proxy than Jira').click();
    const url = page.getByLabel('Proxy', { exact: true });
    await url.fill('http://user:secret@proxy.example.com:3128');
    await page.keyboard.press('Enter');
    await expect(message(page, 'Give user and password of the proxy to the JVM')).toBeVisible();
    await url.fill(proxy.url);
    await save(page, '#okp-network-form');
    await expect(facts).toContainText(proxy.url);
    await validate('Synchronization cannot work yet');
    expect(proxy.asked).toContain('okta.invalid:443');
    await expect(page.locator('#okp-checks')).toContainText('The proxy refused');
    await checkAccessibility(page, 'proxy');
    await picture(page, info, '44-proxy');

    const before = proxy.asked.length;
    await page.getByLabel('Hosts without proxy').fill('.example.com, okta.invalid');
    await save(page, '#okp-network-form');
    await expect(facts).toContainText('.example.com, okta.invalid');
    await validate('Synchronization cannot work yet');
    expect(proxy.asked.length, 'the proxy is passed by').toBe(before);
  } finally {
    await proxy.stop();
  }

  await page.getByText('Trust other certificates than Jira').click();
  await page.getByLabel('File with CA certificates').fill('/no/such/file.pem');
  await page.locator('#okp-network-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'There is no certificate file /no/such/file.pem')).toBeVisible();
  await expect(facts).not.toContainText('/no/such/file.pem');
  await picture(page, info, '45-certificates');
  await page.getByText('Use another proxy than Jira').click();
  await page.getByText('Trust other certificates than Jira').click();
  await save(page, '#okp-network-form');
  await expect(facts).toContainText('None, straight to Okta');
  await page.reload();
  await page.getByText('Network: proxy and certificates').click();
  await expect(page.getByLabel('Use another proxy than Jira')).not.toBeChecked();
  await expect(page.getByLabel('Trust other certificates than Jira')).not.toBeChecked();
  await connectWithToken(page, stage);
});

test('groups are read as far as they are wanted', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Settings');
  await page.getByLabel('Read groups and their members').press('Space');
  for (const name of ['Groups made in Okta', 'Groups of apps and directories', 'Built-in groups']) {
    await page.getByLabel(name).press('Space');
  }
  await page.locator('#okp-keep-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Choose at least one kind of groups.')).toBeVisible();
  await expect(page.getByLabel('Groups made in Okta')).toBeFocused();
  await page.keyboard.press('Space');
  await save(page, '#okp-keep-form');
  await synchronize(page, 400);
  await checkAccessibility(page, 'groups');
  await picture(page, info, '46-groups');
  const [, , user] = await usersOf(stage);
  await openProfile(page, user);
  const groups = page.locator('#okp-profile-groups li');
  const { groups: wanted } = await api(page, stage, `directory/user?oktaId=${user.id}`);
  expect(wanted.length).toBeGreaterThan(0);
  expect(new Set(wanted.map(({ type }) => type))).toEqual(new Set(['OKTA_GROUP']));
  await expect(groups).toHaveText(wanted.map(({ name }) => name));

  const prefix = wanted[0].name.slice(0, -1);
  await openSection(page, 'Settings');
  await page.getByLabel('Only names that begin with').fill(prefix.toUpperCase());
  await save(page, '#okp-keep-form');
  await synchronize(page, 400);
  await openProfile(page, user);
  await expect(groups).toHaveText(wanted.map(({ name }) => name).filter((name) => name.startsWith(prefix)));
  await picture(page, info, '47-groups-of-a-user');
  await openSection(page, 'Settings');
  await expect(page.getByLabel('Built-in groups')).not.toBeChecked();
  await expect(page.getByLabel('Only names that begin with')).toHaveValue(prefix.toUpperCase());
});

test('a manager is found by what the attribute holds', async ({ page, stage }, info) => {
  const users = await usersOf(stage);
  const led = users.filter(({ profile }) => profile.managerId && users.some((one) => one.profile.employeeNumber === profile.managerId));
  const [user] = led;
  const boss = users.find(({ profile }) => profile.employeeNumber === user.profile.managerId);
  await openAdmin(page, stage);
  await openProfile(page, user);
  const manager = page.locator('#okp-profile-manager');
  await expect(manager).toHaveText(`Okta says ${user.profile.managerId}, and nobody in the directory has that.`);
  await openSection(page, 'Settings');
  await expect(page.getByLabel('Attribute that names the manager')).toHaveValue('managerId');
  await page.getByLabel('It holds the manager’s').fill('employeeNumber');
  await page.keyboard.press('Enter');
  await expect(message(page, 'Saved.')).toBeVisible();
  await picture(page, info, '48-managers');
  await synchronize(page, 400);
  await openProfile(page, user);
  await checkAccessibility(page, 'manager');
  await picture(page, info, '49-manager');
  await manager.getByRole('link').press('Enter');
  await expect(page.locator('#okp-profile-login')).toContainText(boss.profile.login);
});

test('only whom and what one wants is kept', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Settings');
  const kept = (await rowsOf(page, stage, 'all')).filter(({ state }) => state !== 'OKTA_ONLY').length;
  expect(kept).toBeGreaterThan(50);
  await page.getByLabel('All users of the Okta org').focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('Only users that match a user in Jira')).toBeChecked();
  await page.getByLabel('Attributes to keep').fill('department, title , city');
  await page.getByLabel('Attributes to drop').fill('city');
  await page.keyboard.press('Enter');
  await expect(message(page, 'Saved. It takes effect with the next synchronization.')).toBeInViewport();
  await checkAccessibility(page, 'retention');
  await picture(page, info, '50-retention');
  await synchronize(page, kept);
  const rows = await rowsOf(page, stage, 'all');
  expect(rows.length).toBe(kept);
  const { okta } = rows.find(({ state }) => state === 'MATCHED');
  await openProfile(page, { profile: okta });
  const names = (await api(page, stage, `directory/user?oktaId=${okta.id}`)).attributes.map(({ name }) => name);
  expect(names).toContain('department');
  expect(names).not.toContain('city');
  expect(names).not.toContain('mobilePhone');
  await expect(page.locator('#okp-profile-attributes')).not.toContainText('Mobile');
  await picture(page, info, '51-kept-profile');
  await page.reload();
  await openSection(page, 'Settings');
  await expect(page.getByLabel('Only users that match a user in Jira')).toBeChecked();
  await expect(page.getByLabel('Attributes to keep')).toHaveValue('department, title, city');
});

test('the schedule is set, and switched off', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Settings');
  const interval = page.getByLabel('Synchronize by itself');
  for (const [choice, minutes] of [['Every 15 min', 15], ['Never', 0], ['Every 1 day', 1440]]) {
    await interval.selectOption(choice);
    await save(page, '#okp-schedule-form');
    await expect.poll(async () => (await api(page, stage, 'sync')).schedule.minutes).toBe(minutes);
  }
  await picture(page, info, '52-schedule');
  await page.reload();
  await expect(interval).toHaveValue('1440');
});
