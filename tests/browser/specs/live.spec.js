// Live: choosing a source, the event hook from registering to removing, a test of the whole way, and what the page says
// where something stands in the way.

import { checkAccessibility } from '../support/accessibility.js';
import {
  connectWithToken, expect, message, openAdmin, openSection, picture, stageTest, synchronize, usersOf,
} from '../support/test.js';

const test = stageTest(['--users', '200', '--seed', '17', '--jira-user-count', '100']);
test.describe.configure({ mode: 'serial' });

const WIDTHS = [1280, 900, 600];

async function choose(page, name) {
  // AUI draws its radio button with the label, which lies over the input.
  await page.getByRole('radio', { name }).press('Space');
  await page.locator('#okp-live-form').getByRole('button', { name: 'Save' }).press('Enter');
  await expect(message(page, 'Saved.')).toBeVisible();
}

/** The page in every width: nothing scrolls sideways, nothing is hard to reach. */
async function look(page, info, name) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await checkAccessibility(page, `${name} ${width}`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(sideways, `${name} scrolls sideways at ${width}`).toBe(false);
    await picture(page, info, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function move(stage, city) {
  const [user] = await usersOf(stage);
  await stage.org.control('mutate', { update: { id: user.id, profile: { city } } });
}

test('the log is chosen, and a change in Okta is in Jira soon @both', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  await connectWithToken(page, stage);
  await synchronize(page, 200);
  await openSection(page, 'Live');
  await expect(message(page, 'Live is off')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Test it end to end' })).toBeHidden();
  await look(page, info, '70-live-off');

  await page.getByRole('radio', { name: 'In its System Log' }).press('Space');
  await page.getByLabel('Read the log').selectOption('5');
  await choose(page, 'In its System Log');
  await expect(message(page, 'Live works')).toBeVisible();
  await page.getByRole('button', { name: 'Test it end to end' }).press('Enter');
  await expect(message(page, 'Now change something')).toBeVisible();
  await move(stage, 'Moonbase');
  await expect(message(page, 'A change arrived')).toBeVisible();
  await look(page, info, '71-live-log');
  await page.reload();
  await expect(page.getByRole('radio', { name: 'In its System Log' })).toBeChecked();
  await expect(page.getByLabel('Read the log')).toHaveValue('5');
});

test('the hook is registered, tested, renewed and removed by the keyboard', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Live');
  await page.getByRole('radio', { name: 'By its event hook' }).press('Space');
  await expect(message(page, 'Okta cannot deliver to this Jira')).toContainText('Choose the System Log instead');
  await page.getByRole('radio', { name: 'Nothing' }).press('Space');
  await expect(message(page, 'Okta cannot deliver to this Jira')).toBeHidden();
  await choose(page, 'By its event hook');
  await expect(message(page, 'Okta has no hook for this Jira yet')).toBeVisible();
  await expect(page.getByLabel('The address that Okta calls')).toHaveValue(`${stage.jira.url}/plugins/servlet/okta-profiles/events`);
  await page.getByText('Make the hook by hand instead').press('Enter');
  await page.getByRole('button', { name: 'Show what to enter' }).press('Enter');
  await expect(page.locator('#okp-live-secret-facts')).toContainText(/X-Okta-Profiles-Secret.*[0-9a-f]{64}/s);
  await look(page, info, '72-hook-by-hand');

  await page.getByRole('button', { name: 'Register in Okta' }).press('Enter');
  await expect(message(page, 'Okta delivers its events to Jira.')).toBeVisible();
  await expect(page.locator('#okp-live-facts')).toContainText('Active and verified');
  await expect(message(page, 'Okta cannot deliver to this Jira')).toBeHidden();
  await expect(page.locator('#okp-live-facts')).toContainText('of the 400,000 events that Okta delivers in a day');
  await page.getByRole('button', { name: 'Test it end to end' }).press('Enter');
  await expect(message(page, 'challenge arrived and was answered after')).toBeVisible();
  await move(stage, 'Skyhook');
  await expect(message(page, 'Live works')).toContainText(/It was in Jira [\d.]+ sec later/);
  await look(page, info, '73-live-hook');

  await page.getByRole('button', { name: 'Check and repair' }).press('Enter');
  await expect(message(page, 'The hook is active and verified.')).toBeVisible();
  await page.getByRole('button', { name: 'New secret' }).press('Enter');
  await page.locator('#okp-dialog-yes').press('Enter');
  await expect(message(page, 'The hook has a new secret.')).toBeVisible();
  await openSection(page, 'Overview');
  await expect(page.locator('#okp-overview-live')).toContainText('Last event');
  await checkAccessibility(page, 'overview with live');
  await picture(page, info, '74-overview-live');
  await page.getByRole('link', { name: 'Show Live' }).press('Enter');
  await page.getByRole('button', { name: 'Remove from Okta' }).press('Enter');
  await page.locator('#okp-dialog-yes').press('Enter');
  await expect(message(page, 'The hook is removed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove from Okta' })).toBeHidden();
});

test('what stands in the way is said with what to do about it', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  const real = await (await page.request.get(`${stage.admin.replace('/admin', '')}/api/live`)).json();
  const states = [
    [{ source: 'log', problem: { code: 208, name: 'SCOPE_MISSING', message: 'A scope is missing.' } }, {}, 'grant okta.logs.read'],
    [{ source: 'hook', problem: { code: 208, name: 'SCOPE_MISSING', message: 'A scope is missing.' } }, {}, 'grant okta.eventHooks.manage'],
    [{ source: 'hook', problem: null }, { hookUrl: real.address, hookVerified: false }, 'through the firewall'],
    [{ source: 'hook', problem: null }, { hookUrl: 'https://old.example.com/', hookVerified: true }, 'Register the hook again'],
    [{ source: 'log', problem: null }, { polled: Date.now(), gapAt: Date.now(), gap: 'the log was not read for 7 hours' }, 'Everybody is read again'],
    [{ source: 'hook', problem: null }, { hookUrl: real.address, hookVerified: true, deliveredToday: 279_999 }, 'Live works'],
    [{ source: 'hook', problem: null }, { hookUrl: real.address, hookVerified: true, deliveredToday: 280_000 }, 'Okta has delivered 280,000 events today and stops at 400,000'],
    [{ source: 'hook', problem: null }, { hookUrl: real.address, hookVerified: true, deliveredToday: 400_000 }, 'Until 24 hours are over'],
    [{ source: 'log', problem: { code: 1, name: 'NOT_CONNECTED', message: '' } }, {}, 'Live waits for a connection'],
  ];
  for (const [index, [live, status, words]] of states.entries()) {
    await page.route('**/api/live', (route) => route.fulfill({ json: { ...real, ...live, status: { ...real.status, ...status, source: live.source } } }));
    await openSection(page, 'Live');
    await expect(page.locator('#okp-live-state')).toContainText(words);
    await checkAccessibility(page, words);
    await picture(page, info, `75-live-state-${index}`);
    await openSection(page, 'Support');
    await page.unroute('**/api/live');
  }
});
