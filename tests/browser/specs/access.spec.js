// Who is kept out, and what stays inert.

import {
  confirmPassword, connectWithToken, expect, message, openAdmin, openSection, picture, signIn, stageTest, synchronize, usersOf,
} from '../support/test.js';
import { checkAccessibility } from '../support/accessibility.js';

const test = stageTest(['--users', '300', '--seed', '3', '--jira-user-count', '300']);
test.describe.configure({ mode: 'serial' });

const CALLBACK = '/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page';

test('nobody and other users are kept out @both', async ({ page, stage, request }) => {
  const api = stage.admin.replace('/admin', '/api/connection');
  expect((await request.get(api)).status()).toBe(401);
  await page.goto(stage.admin);
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
  await signIn(page, stage, 'alice');
  await expect(message(page, 'Only system administrators')).toBeVisible();
  expect((await page.request.get(api)).status()).toBe(403);
});

test('an administrator confirms the password, and every change needs the token @both', async ({ page, stage }) => {
  const base = stage.admin.replace('/admin', '');
  await signIn(page, stage, 'admin');
  expect((await page.request.get(`${base}/api/connection`)).status()).toBe(401);
  await confirmPassword(page);
  const change = (headers) => page.request.post(`${base}/api/connection/disconnect`, { data: '{}', headers });
  expect((await change({ 'Content-Type': 'application/json' })).status()).toBe(403);
  expect((await change({ 'Content-Type': 'text/plain', 'X-Atlassian-Token': 'no-check' })).status()).toBe(415);
  const foreign = { 'Content-Type': 'application/json', 'X-Atlassian-Token': 'no-check', Origin: 'https://evil.example' };
  expect((await change(foreign)).status()).toBe(403);
  const answer = await page.request.get(`${stage.jira.url}${CALLBACK}?code=stolen&state=guessed`);
  expect(answer.status()).toBe(400);
});

test('a form is there once its settings have come, and not if they do not come @both', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Support');
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  await page.route('**/api/connection', async (route) => {
    await gate;
    await route.continue();
  });
  const credentials = page.getByRole('link', { name: 'Connection', exact: true });
  await credentials.click();
  await expect(page.getByText('Loading…')).toBeVisible();
  await expect(page.getByLabel('Okta URL')).toBeHidden();
  open();
  await expect(page.getByLabel('Okta URL')).toBeVisible();
  await expect(page.locator('#okp-redirect-uri')).toHaveValue(`${stage.jira.url}${CALLBACK}`);
  await expect(page.getByText('Loading…')).toBeHidden();

  await page.route('**/api/settings', (route) => route.abort());
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(message(page, 'Jira cannot be reached')).toBeVisible();
  await expect(page.locator('#okp-keep-form')).toBeHidden();
  await checkAccessibility(page, 'not loaded');
  await picture(page, info, '19-not-loaded');
  await page.unroute('**/api/settings');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel('All users of the Okta org')).toBeChecked();
  await expect(message(page, 'Jira cannot be reached')).toBeHidden();
});

test('hostile profiles are shown as text, on every page @both', async ({ page, stage }, info) => {
  const users = await usersOf(stage);
  const hostile = {
    displayName: '<img src=x onerror="window.okpHacked=1">',
    department: '"><script>window.okpHacked=1</script>',
    title: "'); window.okpHacked=1; //",
    city: '{{constructor.constructor("window.okpHacked=1")()}}',
  };
  for (const { id } of users.slice(0, 40)) {
    await stage.org.control('mutate', { update: { id, profile: hostile } });
  }
  await openAdmin(page, stage);
  await connectWithToken(page, stage);
  await synchronize(page, 300);
  await page.getByRole('button', { name: 'Report' }).first().click();

  await openSection(page, 'Directory');
  await page.getByRole('searchbox').fill('<img');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByLabel('Search in').selectOption('name');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const link = page.getByRole('link', { name: hostile.displayName });
  await expect(link).toHaveCount(40);
  await link.first().click();
  await expect(page.getByRole('heading', { name: hostile.displayName })).toBeVisible();
  await expect(page.locator('#okp-profile-attributes')).toContainText(hostile.department);
  await picture(page, info, '20-hostile-profile');

  await openSection(page, 'Display');
  await page.getByLabel('Visible to the Jira group').fill('okta-readers');
  await page.getByText('Help desk').click();
  await page.locator('#okp-display-form').getByRole('button', { name: 'Save' }).click();
  await expect(message(page, 'Issues show it from now on.')).toBeVisible();
  const url = `${stage.admin.replace('/admin', '')}/api/directory?q=%3Cimg&field=name`;
  const rows = (await (await page.request.get(url)).json()).rows;
  const jiraKey = rows.find((row) => row.jira).jira.key;
  await page.goto(`${stage.jira.url}/browse/HELP-1?reporter=${jiraKey}`);
  await expect(page.getByText(hostile.department).first()).toBeVisible();
  await picture(page, info, '21-hostile-issue');
});

const SECTIONS = ['Overview', 'Connection', 'Synchronization', 'Settings', 'Live', 'Directory', 'Display', 'Support'];

test('every section is free of serious accessibility faults, wide and narrow @both', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  for (const width of [1280, 900, 600]) {
    await page.setViewportSize({ width, height: 900 });
    for (const section of SECTIONS) {
      await openSection(page, section);
      await checkAccessibility(page, `${section} at ${width}`);
      await picture(page, info, `${width}-${section.replaceAll(' ', '-').toLowerCase()}`);
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(overflow, `${section} fits ${width} pixels`).toBeLessThanOrEqual(0);
    }
  }
});

test('every section can be read in the dark theme @both', async ({ page, stage, aui }, info) => {
  await openAdmin(page, stage);
  if (aui === 'aui9') {
    // AUI 10 has the colours in its one sheet.
    await page.addStyleTag({ url: `${stage.jira.url}/aui/aui-prototyping-design-tokens-base-themes-css.css` });
  }
  await page.evaluate(() => {
    document.documentElement.dataset.colorMode = 'dark';
    document.documentElement.dataset.theme = 'dark:dark light:light';
  });
  for (const section of SECTIONS) {
    await openSection(page, section);
    await picture(page, info, `dark-${section.toLowerCase()}`);
    // Jira's own frame is not ours to judge.
    await checkAccessibility(page, `${section} in the dark`, '#okta-profiles');
  }
});
