// How quick the page is with a large directory, as a table. BENCHMARKS.md has the commands. The stage needs the optimised
// library: the one of the tests is many times slower.

import { chromium } from '@playwright/test';
import { startJira, startOrg, withFolder } from './support/stage.js';
import { connectWithToken, expect, message, openAdmin, openSection } from './support/test.js';

const users = Number(process.env.USERS || 200_000);
const TEXTS = ['an', 'user0123', 'garcia', 'smith anna', 'zq', 'nobody has this'];
const TIMES = 20;

const quantile = (times, share) => times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)];
const row = (what, times) => console.log(`| ${what} | ${quantile(times, 0.5).toFixed(0)} ms | ${quantile(times, 0.95).toFixed(0)} ms |`);

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Asks the plugin, without the page. */
async function answers(page, stage) {
  for (const text of TEXTS) {
    const url = `${stage.admin.replace('/admin', '')}/api/directory?view=all&field=anywhere&limit=50&q=${encodeURIComponent(text)}`;
    const times = [];
    for (let time = 0; time < TIMES; time += 1) {
      times.push(await timed(async () => expect((await page.request.get(url)).status()).toBe(200)));
    }
    row(`the answer to \`${text}\``, times);
  }
}

/** Types into the page and waits for what it shows. */
async function searches(page) {
  const shown = page.locator('#okp-rows:not([aria-busy])');
  const times = [];
  for (let time = 0; time < TIMES; time += 1) {
    await page.getByRole('searchbox').fill(`${TEXTS[time % TEXTS.length]}`);
    times.push(await timed(async () => {
      await Promise.all([page.waitForResponse('**/api/directory?**'), page.keyboard.press('Enter')]);
      await shown.waitFor({ state: 'attached' });
    }));
  }
  row('from Enter until the page shows what was found', times);
}

await withFolder(async (folder) => {
  const org = await startOrg(folder, ['--users', String(users), '--jira-user-count', String(users)]);
  const jira = await startJira(folder, { flavour: 'jira10', aui: 'aui9', jiraUsers: org.jiraUsers });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
  page.setDefaultTimeout(600_000);
  const stage = { org, jira, admin: `${jira.url}/plugins/servlet/okta-profiles/admin` };
  await openAdmin(page, stage);
  await connectWithToken(page, stage);
  await openSection(page, 'Synchronization');
  await page.getByRole('button', { name: 'Synchronize now' }).click();
  await expect(message(page, 'The directory is up to date')).toBeVisible({ timeout: 600_000 });
  console.log(`${users} users on each side\n\n| | half within | 95 % within |\n|---|---|---|`);
  await answers(page, stage);
  await openSection(page, 'Directory');
  await searches(page);
  const sections = [];
  for (const section of ['Overview', 'Directory', 'Overview', 'Directory', 'Overview', 'Directory']) {
    sections.push(await timed(() => openSection(page, section)));
  }
  row('from a click until Overview or Directory is there', sections);
  await browser.close();
  await Promise.all([jira.stop(), org.stop()]);
});
