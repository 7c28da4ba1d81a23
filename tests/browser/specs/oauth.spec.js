// Connect with Okta: to Okta's page and back, refused and allowed; when the sign-in ends, Jira says so.

import { expect, message, openAdmin, openSection, picture, stageTest } from '../support/test.js';
import { checkAccessibility } from '../support/accessibility.js';

const test = stageTest(['--users', '200', '--consent-page', '--jira-user-count', '100']);
test.describe.configure({ mode: 'serial' });

test('consent is refused, then given, and the connection is validated @both', async ({ page, stage }, info) => {
  await openAdmin(page, stage);
  await page.getByText('An OAuth 2.0 app', { exact: true }).click();
  const redirect = `${stage.jira.url}/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page`;
  await expect(page.getByLabel('Sign-in redirect URI')).toHaveValue(redirect);
  await stage.org.control('oauth', { web: { redirect_uris: [redirect] } });
  await checkAccessibility(page, 'OAuth credentials');
  await picture(page, info, '30-oauth-credentials');

  const connect = async () => {
    await page.getByLabel('Okta URL').fill(stage.org.url);
    await page.getByLabel('Client ID').fill(stage.org.oauth.client_id);
    await page.locator('#okp-client-secret').fill(stage.org.oauth.client_secret);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Sign in to the simulated org' })).toBeVisible();
  };
  await connect();
  await page.getByRole('button', { name: "Don't Allow" }).click();
  await expect(message(page, 'did not consent')).toBeVisible();
  await checkAccessibility(page, 'consent refused');
  await picture(page, info, '31-consent-refused');

  await page.getByRole('link', { name: 'Back to Okta Profiles' }).click();
  await page.getByText('An OAuth 2.0 app', { exact: true }).click();
  await connect();
  await page.getByRole('button', { name: 'Allow Access' }).click();
  await expect(message(page, 'Connected with Okta')).toBeVisible();
  await expect(page.locator('#okp-connect-facts')).toContainText('okta.users.read');
  await checkAccessibility(page, 'connected');
  await picture(page, info, '32-connected');

  // The stored secret is not shown, and not used for another sign-in either.
  await page.getByRole('button', { name: 'Connect again' }).click();
  await expect(page.locator('#okp-reconnect-secret-error')).toHaveText('Fill in this field.');

  await openSection(page, 'Okta API Credentials');
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'The connection works')).toBeVisible();
  expect(await page.content()).not.toContain(stage.org.oauth.client_secret);
});
