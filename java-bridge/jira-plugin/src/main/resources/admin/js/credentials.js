// Okta API Credentials: the org's address, an API token or an OAuth client, and the validation report.
// Secrets go one way: what is stored is never fetched, an empty field means "as stored".

import { get, post } from './api.js';
import { announce, busy, byId, clearNotice, confirm, el, errorMessage, fieldError, fill, lozenge, message, notice } from './dom.js';
import { plural, t, tOr } from './texts.js';
import { changed, connected } from './connection.js';

const OUTCOMES = {
  ok: 'success',
  warning: 'moved',
  missing_role: 'error',
  missing_scope: 'error',
  refused: 'error',
  unreachable: 'error',
  feature_off: '',
  not_checked: '',
};

/** Capabilities whose finding is an id; those of the others are in their words already. */
const NAMED = new Set(['organization', 'credential']);

/** Codes of errors that are about the org's address (see the table of errors). */
const ADDRESS_ERRORS = new Set(['ORG_URL_INVALID', 'ORG_URL_NOT_HTTPS', 'NOT_AN_OKTA_ORG', 'NAME_NOT_RESOLVED']);

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
  byId(connection.kind === 'oauth' ? 'kind-oauth' : 'kind-token').checked = true;
  byId('disconnect').hidden = !connected(connection);
  showKind();
}

/** Whether the secret of this form is stored already: for this very org, and for this very client. */
function stored() {
  const sameOrg = byId('org-url').value.trim() === connection.orgUrl;
  return kind() === 'oauth'
    ? connection.kind === 'oauth' && sameOrg && byId('client-id').value.trim() === connection.clientId
    : connection.kind === 'api_token' && sameOrg;
}

function showStored() {
  const placeholder = stored() ? t('credentials.stored') : '';
  for (const name of ['token', 'client-secret']) {
    byId(name).placeholder = placeholder;
    if (placeholder) {
      fieldError(name, '');
    }
  }
}

function showKind() {
  for (const part of document.querySelectorAll('.okp-kind')) {
    part.hidden = part.dataset.kind !== kind();
  }
  byId('credentials-save').textContent = t(kind() === 'oauth' ? 'credentials.save.oauth' : 'credentials.save');
  showStored();
}

/** Says what is missing beside its field and goes to the first; true if nothing is. */
function complete() {
  const [secret, ...others] = kind() === 'token' ? ['token', 'org-url'] : ['client-secret', 'org-url', 'client-id'];
  const missing = [...others, secret].filter((name) => {
    const empty = byId(name).value.trim() === '';
    const lacks = empty && !(name === secret && stored());
    fieldError(name, lacks ? t('credentials.missing') : '');
    return lacks;
  });
  if (missing.length > 0) {
    byId(missing[0]).focus();
  }
  return missing.length === 0;
}

async function save() {
  clearNotice();
  if (!complete()) {
    return;
  }
  try {
    if (kind() === 'oauth') {
      const secret = byId('client-secret').value.trim();
      const body = { orgUrl: byId('org-url').value.trim(), clientId: byId('client-id').value.trim(), clientSecret: secret };
      const { authorizeUrl } = await post('api/connection/oauth', body);
      location.assign(authorizeUrl);
      return;
    }
    if (byId('token').value.trim() !== '') {
      await post('api/connection/token', { orgUrl: byId('org-url').value.trim(), apiToken: byId('token').value.trim() });
      byId('token').value = '';
    }
  } catch (error) {
    showRefusal(error);
    return;
  }
  dirty = false;
  await show();
  changed();
  await validate();
}

/** An error of saving stands at the field that it is about. */
function showRefusal(error) {
  let name = kind() === 'oauth' ? 'client-secret' : 'token';
  if (ADDRESS_ERRORS.has(error.codeName)) {
    name = 'org-url';
  }
  fieldError(name, error.message);
  byId(name).focus();
}

async function validate() {
  byId('report').hidden = false;
  fill(byId('checks'));
  byId('checks-passed').hidden = true;
  fill(byId('report-verdict'), el('p', { class: 'okp-waiting', role: 'status' }, t('validate.running')));
  try {
    showReport(await post('api/validate'));
  } catch (error) {
    fill(byId('report-verdict'), errorMessage(error));
  }
  byId('report-title').focus({ preventScroll: true });
  byId('report').scrollIntoView({ block: 'nearest' });
}

function showReport(report) {
  const failed = report.checks.filter((check) => OUTCOMES[check.outcome] === 'error');
  let verdict = message('success', t('validate.usable'), t('validate.usable.next'));
  if (!report.usable) {
    verdict = message('error', t('validate.unusable'), attention(failed));
  } else if (failed.length > 0) {
    verdict = message('warning', t('validate.partly'), attention(failed));
  }
  const note = report.orgUrlNote ? el('p', { class: 'okp-subtle' }, report.orgUrlNote) : null;
  fill(byId('report-verdict'), verdict, note);
  const kinds = report.checks.map((row) => [OUTCOMES[row.outcome], row]);
  const of = (kind) => kinds.filter(([own]) => own === kind).map(([, row]) => row);
  const rest = kinds.filter(([kind]) => !['success', 'error', 'moved'].includes(kind)).map(([, row]) => row);
  const skipped = rest.filter((row) => row.outcome === 'not_checked' && row.errorCode === 0);
  const unneeded = skipped.filter((row) => row.missingScope || row.capability.startsWith('write_'));
  const untried = skipped.filter((row) => !unneeded.includes(row));
  // What needs attention stands first; what is well folds to one line.
  const rows = [...of('error'), ...of('moved'), ...rest.filter((row) => !skipped.includes(row))].map(check);
  rows.push(...(untried.length > 1 ? [together(untried, untried[0].advice)] : untried.map(check)));
  if (unneeded.length) rows.push(together(unneeded, t('validate.unneeded')));
  fill(byId('checks'), rows);
  const passed = of('success');
  byId('checks-passed').hidden = passed.length === 0;
  byId('checks-passed-title').textContent = plural('validate.passed', passed.length);
  fill(byId('checks-ok'), passed.map(check));
  announce(t(report.usable ? 'validate.usable' : 'validate.unusable'));
}

/** How many capabilities need attention, and which. */
function attention(failed) {
  const names = failed.map((row) => tOr(`capability.${row.capability}`, row.capability)).join(', ');
  return plural('validate.failed', failed.length, names);
}

function check(row) {
  const facts = [
    row.required ? t('validate.required') : '',
    row.missingScope ? t('validate.scope', row.missingScope) : '',
    row.errorCode ? t('validate.code', row.errorCode) : '',
    row.oktaErrorCode ? t('error.okta', row.oktaErrorCode) : '',
    row.oktaRequestId ? t('error.request', row.oktaRequestId) : '',
  ].filter(Boolean);
  return el(
    'li',
    { class: 'okp-check', 'data-capability': row.capability },
    el('div', { class: 'okp-check-outcome' }, lozenge(tOr(`outcome.${row.outcome}`, row.outcome), OUTCOMES[row.outcome])),
    el(
      'div',
      { class: 'okp-check-words' },
      el('strong', {}, tOr(`capability.${row.capability}`, row.capability)),
      NAMED.has(row.capability) && row.finding ? el('span', { class: 'okp-check-finding' }, row.finding) : null,
      row.advice ? el('p', {}, row.advice) : null,
      facts.length ? el('p', { class: 'okp-subtle' }, facts.join(' · ')) : null,
    ),
  );
}

/** What was not tried, because something before it failed or nothing needs it: one line is enough. */
function together(rows, why) {
  const names = rows.map((row) => {
    const name = tOr(`capability.${row.capability}`, row.capability);
    return row.missingScope ? `${name} (${row.missingScope})` : name;
  });
  return el(
    'li',
    { class: 'okp-check' },
    el('div', { class: 'okp-check-outcome' }, lozenge(t('outcome.not_checked'), '')),
    el('div', { class: 'okp-check-words' }, el('strong', {}, names.join(', ')), el('p', {}, why)),
  );
}

async function copyRedirect() {
  const field = byId('redirect-uri');
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Plain http and old browsers have no clipboard interface; the selection can be copied by hand.
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
  byId('report').hidden = true;
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
