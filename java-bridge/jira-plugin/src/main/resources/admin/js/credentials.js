// Okta API Credentials: the org's address, and an API token, an OAuth client or a service app. Entered credentials
// are tried before they are stored. Secrets go only to the server: a stored secret is never fetched, and an empty
// field means the stored one.

import { get, post } from './api.js';
import { announce, busy, byId, clearNotice, confirm, el, errorMessage, fieldError, fill, notice } from './dom.js';
import { t } from './texts.js';
import { changed, connected } from './connection.js';
import * as report from './report.js';
import { forgetKey, isMade } from './service_key.js';

/** The field of the secret, for each kind. */
const SECRETS = { token: 'token', oauth: 'client-secret', service_app: 'private-key' };
const KINDS = { api_token: 'token', oauth: 'oauth', service_app: 'service_app' };

/** Codes of errors that concern the org's address (see the table of errors). */
const ADDRESS_ERRORS = new Set(['ORG_URL_INVALID', 'ORG_URL_NOT_HTTPS', 'ORG_URL_INTERNAL', 'NOT_AN_OKTA_ORG', 'NAME_NOT_RESOLVED']);

/** Codes of errors that concern the entered secret. */
const FIELD_ERRORS = new Set(['CREDENTIAL_MALFORMED', 'PRIVATE_KEY_INVALID']);

let connection = {};
let dirty = false;

const kind = () => document.querySelector('#okp-credentials-form input[name=kind]:checked').value;

export async function show() {
  connection = await get('api/connection');
  byId('redirect-uri').value = connection.redirectUri;
  if (dirty) {
    return;
  }
  byId('org-url').value = connection.orgUrl || '';
  byId('client-id').value = connection.clientId || '';
  byId('key-id').value = '';
  byId(`kind-${KINDS[connection.kind] || 'token'}`).checked = true;
  byId('disconnect').hidden = !connected(connection);
  showKind();
}

/** Whether the secret of this form is already stored, for this same org and this same client. */
function stored() {
  const sameOrg = byId('org-url').value.trim() === connection.orgUrl;
  const sameClient = kind() === 'token' || byId('client-id').value.trim() === connection.clientId;
  return KINDS[connection.kind] === kind() && sameOrg && sameClient;
}

function showStored() {
  const placeholder = stored() ? t('credentials.stored') : '';
  for (const name of Object.values(SECRETS)) {
    byId(name).placeholder = placeholder || (name === 'private-key' ? '-----BEGIN PRIVATE KEY-----' : '');
    if (placeholder) {
      fieldError(name, '');
    }
  }
}

function showKind() {
  for (const part of document.querySelectorAll('.okp-kind')) {
    part.hidden = !part.dataset.kind.split(' ').includes(kind());
  }
  byId('credentials-save').textContent = t(kind() === 'oauth' ? 'credentials.save.oauth' : 'credentials.save');
  showStored();
}

/** Shows what is missing beside its field and moves to the first one. Returns true if nothing is missing. */
function complete() {
  const secret = SECRETS[kind()];
  const others = kind() === 'token' ? ['org-url'] : ['org-url', 'client-id'];
  const missing = [...others, secret].filter((name) => {
    const empty = byId(name).value.trim() === '';
    const lacks = empty && !(name === secret && (stored() || (kind() === 'service_app' && isMade())));
    fieldError(name, lacks ? t('credentials.missing') : '');
    return lacks;
  });
  if (missing.length > 0) {
    byId(missing[0]).focus();
  }
  return missing.length === 0;
}

/** The entered credential, in the form that the server reads. */
function candidate() {
  const value = (name) => byId(name).value.trim();
  const app = { kind: kind(), orgUrl: value('org-url'), clientId: value('client-id') };
  return {
    token: { kind: kind(), orgUrl: app.orgUrl, apiToken: value('token') },
    oauth: { ...app, clientSecret: value('client-secret') },
    service_app: { ...app, privateKey: value('private-key'), keyId: value('key-id') },
  }[kind()];
}

/** Whether the form contains anything that is not stored. */
const typed = () =>
  byId(SECRETS[kind()]).value.trim() !== '' || !stored() || (kind() === 'service_app' && (isMade() || byId('key-id').value.trim() !== ''));

/**
 * Tries the entered credential, or the stored one if nothing was entered. Returns the report; nothing if there is
 * none.
 */
async function tryOut() {
  report.showRunning();
  try {
    return await post('api/validate', typed() ? candidate() : {});
  } catch (error) {
    if (typed() && isAboutInput(error)) {
      report.hide();
      showRefusal(error);
    } else {
      report.showFailure(error);
    }
    return null;
  }
}

async function validate() {
  clearNotice();
  if (!complete()) {
    return;
  }
  const isTyped = typed();
  const found = await tryOut();
  if (found) {
    report.showReport(found, found.usable ? t(isTyped ? 'validate.unsaved' : 'validate.usable.next') : next(found));
  }
}

/** What to do next with an app that nobody has signed in with yet. */
const next = (found) => (report.isGood(found) ? t('validate.known.next') : '');

/** Stores the entered credential after it has been tried with success. */
async function save() {
  clearNotice();
  if (!complete()) {
    return;
  }
  if (kind() === 'oauth' && !typed()) {
    await keep();
    return;
  }
  const isTyped = typed();
  const found = await tryOut();
  if (!found) {
    return;
  }
  if (!report.isGood(found)) {
    report.showReport(found, isTyped ? notSaved() : '', ...(isTyped && mayInsist() ? [insist()] : []));
  } else if (!isTyped || (await keep())) {
    report.showReport(found, found.usable ? t('validate.usable.next') : next(found));
  }
}

const works = () => connected(connection) && !connection.status.problem;

/**
 * A credential that works is never replaced by one that does not. A sign-in replaces it only after Okta has
 * accepted it.
 */
const mayInsist = () => kind() === 'oauth' || !works();

const notSaved = () => t(mayInsist() ? 'credentials.not-saved' : 'credentials.not-saved.in-force');

function insist() {
  return el('button', { type: 'button', class: 'aui-button', onclick: (event) => busy(event.currentTarget, () => keep(true)) }, t('credentials.insist'));
}

/** Stores the credential. Returns whether it was stored; a sign-in continues at Okta. */
async function keep(untried = false) {
  const { kind: way, ...body } = candidate();
  try {
    if (way === 'oauth') {
      const { authorizeUrl } = await post('api/connection/oauth', body);
      location.assign(authorizeUrl);
      return false;
    }
    await post(way === 'token' ? 'api/connection/token' : 'api/connection/service-app', { ...body, untried });
  } catch (error) {
    report.hide();
    showRefusal(error);
    return false;
  }
  dirty = false;
  for (const name of Object.values(SECRETS)) {
    byId(name).value = '';
  }
  forgetKey();
  await show();
  changed();
  if (untried) {
    notice(t('credentials.untried'), 'warning');
  }
  return true;
}

/** Whether an error concerns a field; all others concern Okta or the way to it. */
const isAboutInput = (error) => error.status === 400 || FIELD_ERRORS.has(error.codeName) || ADDRESS_ERRORS.has(error.codeName);

/** Shows an error of storing at the field that it concerns. */
function showRefusal(error) {
  const name = ADDRESS_ERRORS.has(error.codeName) ? 'org-url' : SECRETS[kind()];
  fieldError(name, error.message);
  byId(name).focus();
}

async function copyRedirect() {
  const field = byId('redirect-uri');
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Plain http and old browsers have no clipboard interface. Then the user can copy the selected text by hand.
    field.select();
    announce(t('credentials.redirect.select'));
    return;
  }
  const button = byId('redirect-copy');
  button.textContent = t('credentials.redirect.copied');
  announce(t('credentials.redirect.copied'));
  setTimeout(() => (button.textContent = t('credentials.redirect.copy')), 3000);
}

async function disconnect() {
  const sure = await confirm(t('disconnect.title'), t('disconnect.text'), t('credentials.disconnect'));
  if (!sure) {
    return;
  }
  try {
    await post('api/connection/disconnect');
  } catch (error) {
    fill(byId('notice'), errorMessage(error));
    return;
  }
  dirty = false;
  report.hide();
  await show();
  notice(t('disconnect.done'));
  changed();
}

const form = byId('credentials-form');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  busy(byId('credentials-save'), save);
});
form.addEventListener('input', (event) => {
  dirty = true;
  showStored();
  if (event.target.getAttribute('aria-invalid')) {
    fieldError(event.target.id.replace('okp-', ''), '');
  }
});
for (const radio of form.querySelectorAll('input[name=kind]')) {
  radio.addEventListener('change', showKind);
}
byId('validate').addEventListener('click', () => busy(byId('validate'), validate));
byId('redirect-copy').addEventListener('click', copyRedirect);
byId('disconnect').addEventListener('click', disconnect);
