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

  // A wrong secret is told here, before anybody goes to Okta.
  await page.getByLabel('Okta URL').fill(stage.org.url);
  await page.getByLabel('Client ID').fill(stage.org.oauth.client_id);
  await page.locator('#okp-client-secret').fill('notTheSecret');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-capability=credential]')).toContainText('Refused');
  await page.locator('#okp-client-secret').fill(stage.org.oauth.client_secret);
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'Okta knows this app')).toBeVisible();

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

  await openSection(page, 'Connection');
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'The connection works')).toBeVisible();
  expect(await page.content()).not.toContain(stage.org.oauth.client_secret);
});

test('one signs in again without the client secret, for the same org and client only @both', async ({ page, stage }, info) => {
  // A sign-in that Okta ends in three days.
  await stage.org.control('oauth', { web: { sign_in_seconds: 3 * 86_400 } });
  await openAdmin(page, stage, 'Connection');
  const again = async () => {
    await page.getByRole('button', { name: 'Connect again' }).press('Enter');
    await page.getByRole('button', { name: 'Allow Access' }).click();
    await expect(message(page, 'Connected with Okta')).toBeVisible();
  };
  await again();
  await expect(message(page, 'Sign in again soon')).toBeVisible();
  await openSection(page, 'Directory');
  await page.getByRole('link', { name: 'Sign in again soon' }).click();
  await expect(message(page, 'Sign in again soon')).toBeVisible();
  await checkAccessibility(page, 'sign-in ends soon');
  await picture(page, info, '33-sign-in-ends-soon');

  // Whoever administers Jira is told on its other pages, too, until the flag is closed.
  const jiraPage = `${stage.jira.url}/secure/admin/ViewSystemInfo.jspa`;
  const flag = page.locator('.okta-profiles-flag', { hasText: 'The sign-in with Okta ends soon' });
  await page.goto(jiraPage);
  await expect(flag).toBeVisible();
  await checkAccessibility(page, 'flag');
  await picture(page, info, '33-flag');
  await expect(flag.getByRole('link', { name: 'Open Okta Profiles' })).toHaveAttribute('href', /okta-profiles\/admin$/);
  await flag.getByRole('button', { name: /^Close/ }).press('Enter');
  await expect(flag).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'System info' })).toBeVisible();
  await expect(flag).toHaveCount(0);
  await page.goto(`${stage.admin}#/connection`);
  await expect(message(page, 'Sign in again soon')).toBeVisible();
  await stage.org.control('oauth', { web: { sign_in_seconds: 90 * 86_400 } });
  await again();
  await expect(page.getByText('Sign in again soon')).toHaveCount(0);

  // The secret is asked for as soon as org or client are others.
  await openSection(page, 'Connection');
  const secret = page.getByLabel('Client secret', { exact: false });
  await expect(secret).toHaveAttribute('placeholder', 'Stored; leave empty to keep it');
  const error = page.locator('#okp-client-secret-error');
  for (const [field, other, right] of [
    ['Okta URL', 'https://other.okta.com', stage.org.url],
    ['Client ID', '0oaAnother', stage.org.oauth.client_id],
  ]) {
    await page.getByLabel(field).fill(other);
    await expect(secret).toHaveAttribute('placeholder', '');
    await page.keyboard.press('Enter');
    await expect(error).toHaveText('Fill in this field.');
    await page.getByLabel(field).fill(right);
    await expect(error).toBeHidden();
  }
  await picture(page, info, '34-stored-secret');
  const post = (body) => page.request.post(`${stage.admin.replace('/admin', '')}/api/connection/oauth`, {
    data: body,
    headers: { 'X-Atlassian-Token': 'no-check' },
  });
  for (const other of [{ orgUrl: 'https://other.okta.com' }, { clientId: '0oaAnother' }]) {
    const answer = await post({ orgUrl: stage.org.url, clientId: stage.org.oauth.client_id, ...other });
    expect(answer.status()).toBe(400);
    expect(await answer.text()).toContain('No client secret is stored');
  }
  await page.getByRole('button', { name: 'Save and connect with Okta' }).click();
  await page.getByRole('button', { name: 'Allow Access' }).click();
  await expect(message(page, 'Connected with Okta')).toBeVisible();

  // A secret that was renewed in Okta is told there and entered here.
  await stage.org.control('oauth', { web: { client_secret: 'renewed-in-okta' } });
  await openSection(page, 'Connection');
  await page.getByRole('button', { name: 'Connect again' }).click();
  await page.getByRole('button', { name: 'Allow Access' }).click();
  await expect(message(page, 'client secret')).toBeVisible();
  await picture(page, info, '35-secret-refused');
  await page.getByRole('link', { name: 'Back to Okta Profiles' }).click();
  await secret.fill('renewed-in-okta');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Allow Access' }).click();
  await expect(message(page, 'Connected with Okta')).toBeVisible();
});

test('a service app connects by a key that is made here @both', async ({ page, stage }, info) => {
  await openAdmin(page, stage, 'Connection');
  await page.getByLabel('A service app').press('Space');
  const { service } = await (await stage.org.control('oauth')).json();
  await page.getByLabel('Client ID').fill(service.client_id);
  const key = page.getByLabel('Private key', { exact: false });
  await key.fill('no key');
  await key.blur();
  await expect(page.locator('#okp-private-key-error')).toContainText('The private key cannot be used');
  await key.fill('');
  await page.getByRole('button', { name: 'Make a key here' }).press('Enter');
  const shown = page.getByLabel('Public key', { exact: true });
  await expect(shown).toBeFocused();
  const jwk = JSON.parse(await shown.inputValue());
  expect(jwk.d, 'the private part is never shown').toBeUndefined();
  await checkAccessibility(page, 'service app');
  await picture(page, info, '36-service-app');

  // Okta does not know the key yet, so the sign-in stays in force.
  await page.getByRole('button', { name: 'Save and validate' }).click();
  await expect(message(page, 'the present connection works and stays in force')).toBeVisible();
  await expect(page.locator('#okp-facts')).toContainText('OAuth 2.0 app');
  await stage.org.control('oauth', { service: { public_keys: jwk } });
  await page.getByRole('button', { name: 'Save and validate' }).press('Enter');
  await expect(message(page, 'The connection works')).toBeVisible();
  await expect(page.locator('#okp-facts')).toContainText('Service app');
  await expect(key).toHaveValue('');
  await expect(key).toHaveAttribute('placeholder', 'Stored; leave empty to keep it');
  await page.reload();
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'The connection works')).toBeVisible();

  // A scope that is taken away is told by its name, and granted again all is well.
  const scopes = service.granted_scopes;
  await stage.org.control('oauth', { service: { granted_scopes: scopes.filter((scope) => scope !== 'okta.users.read') } });
  await page.getByLabel('Client ID').fill(service.client_id);
  await page.getByRole('button', { name: 'Make a key here' }).click();
  await expect(shown).toHaveValue(/"kty"/);
  const other = JSON.parse(await shown.inputValue());
  await stage.org.control('oauth', { service: { public_keys: { keys: [jwk, other] } } });
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(page.locator('#okp-checks')).toContainText('okta.users.read');
  await picture(page, info, '37-scope-missing');
  await stage.org.control('oauth', { service: { granted_scopes: scopes } });
  await page.getByRole('button', { name: 'Validate', exact: true }).click();
  await expect(message(page, 'The connection works')).toBeVisible();
});
