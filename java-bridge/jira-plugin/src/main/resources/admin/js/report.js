// The validation report: failures first, a verdict that names them, and all successes in one folded line.

import { announce, byId, el, errorMessage, fill, lozenge, message } from './dom.js';
import { plural, t, tOr } from './texts.js';

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

/** Capabilities whose value is an id. For the others, the advice already contains the value. */
const NAMED = new Set(['organization', 'credential']);

/** Shows that the check is running. */
export function showRunning() {
  byId('report').hidden = false;
  fill(byId('checks'));
  byId('checks-passed').hidden = true;
  fill(byId('report-verdict'), el('p', { class: 'okp-waiting', role: 'status' }, t('validate.running')));
}

export function showFailure(error) {
  fill(byId('report-verdict'), errorMessage(error));
  goTo();
}

export function hide() {
  byId('report').hidden = true;
}

function goTo() {
  byId('report-title').focus({ preventScroll: true });
  byId('report').scrollIntoView({ block: 'nearest' });
}

const failures = (report) => report.checks.filter((check) => OUTCOMES[check.outcome] === 'error');

/** Whether nothing prevents storing the credential. An app that nobody has signed in with can only be known to Okta. */
export function isGood(report) {
  return report.usable || (report.credentialKind === 'oauth' && failures(report).length === 0);
}

/** Shows the report; `words` and `actions` say what happens with the tried credential. */
export function showReport(report, words, ...actions) {
  const failed = failures(report);
  let [kind, title] = ['success', t('validate.usable')];
  if (!isGood(report)) {
    [kind, title] = ['error', t('validate.unusable')];
  } else if (!report.usable) {
    [kind, title] = ['info', t('validate.known')];
  } else if (failed.length > 0) {
    [kind, title] = ['warning', t('validate.partly')];
  }
  const note = report.orgUrlNote ? el('p', { class: 'okp-subtle' }, report.orgUrlNote) : null;
  const attention = failed.length ? attentionTo(failed) : '';
  fill(byId('report-verdict'), message(kind, title, attention, words, actions.length ? el('p', {}, actions) : ''), note);
  showChecks(report);
  announce(title);
  goTo();
}

function showChecks(report) {
  const kinds = report.checks.map((row) => [OUTCOMES[row.outcome], row]);
  const of = (kind) => kinds.filter(([own]) => own === kind).map(([, row]) => row);
  const rest = kinds.filter(([kind]) => !['success', 'error', 'moved'].includes(kind)).map(([, row]) => row);
  const skipped = rest.filter((row) => row.outcome === 'not_checked' && row.errorCode === 0);
  const unneeded = skipped.filter((row) => row.missingScope || row.capability.startsWith('write_'));
  const untried = skipped.filter((row) => !unneeded.includes(row));
  // Problems come first; successes fold to one line.
  const rows = [...of('error'), ...of('moved'), ...rest.filter((row) => !skipped.includes(row))].map(check);
  rows.push(...(untried.length > 1 ? [together(untried, untried[0].advice)] : untried.map(check)));
  if (unneeded.length) rows.push(together(unneeded, t('validate.unneeded')));
  fill(byId('checks'), rows);
  const passed = of('success');
  byId('checks-passed').hidden = passed.length === 0;
  byId('checks-passed-title').textContent = plural('validate.passed', passed.length);
  fill(byId('checks-ok'), passed.map(check));
}

/** How many capabilities have problems, and which. */
function attentionTo(failed) {
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

/** One line for the checks that were not made, because an earlier check failed or nothing needs them. */
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
