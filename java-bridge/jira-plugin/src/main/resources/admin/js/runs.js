// The last runs: a table and, below a run, its report and its changes, field by field.

import { get } from './api.js';
import { byId, el, errorMessage, fill, fillPairs, lozenge } from './dom.js';
import { bytes, duration, number, t, tOr, when } from './texts.js';

const STATES = { complete: 'success', running: 'current', interrupted: 'moved', refused: 'error', dropped: '' };
const CHANGES_A_PAGE = 50;

/** The rows of each run. If a run has not changed, its rows are kept, and so is what is unfolded in it. */
let built = new Map();

export function showRuns(runs) {
  byId('runs-empty').hidden = runs.length > 0;
  byId('runs').hidden = runs.length === 0;
  const keys = runs.map((run) => [run.run, run.state, run.state === 'running' ? '' : run.finished].join());
  if (keys.join() !== [...built.keys()].join()) {
    built = new Map(keys.map((key, index) => [key, built.get(key) || row(runs[index])]));
    fill(byId('runs').tBodies[0], [...built.values()].flat());
  }
}

function row(run) {
  const id = `okp-run-${run.run}`;
  const details = el('tr', { class: 'okp-run-details', hidden: true, id }, el('td', { colspan: 9 }));
  const button = el(
    'button',
    { type: 'button', class: 'aui-button aui-button-link', 'aria-expanded': 'false', 'aria-controls': id },
    t('run.report'),
  );
  button.addEventListener('click', () => toggle(button, details, run));
  const cells = [
    el('td', {}, when(run.started)),
    el('td', {}, kind(run)),
    el('td', {}, lozenge(tOr(`run.state.${run.state}`, run.state), STATES[run.state])),
    el('td', { class: 'okp-number' }, number(run.seen || 0)),
    // A narrow page has room for the report only, and the report contains these figures too.
    ...[run.added, run.updated, run.absent].map((count) => el('td', { class: 'okp-number okp-wide' }, number(count || 0))),
    el('td', { class: 'okp-number' }, duration(run.elapsedMs || 0)),
    el('td', { class: 'okp-right' }, button),
  ];
  return [el('tr', { 'data-run': run.run }, cells), details];
}

function kind(run) {
  const mode = tOr(`run.mode.${run.mode || 'full'}`, run.mode);
  return run.dryRun ? t('run.dry', mode) : mode;
}

function toggle(button, details, run) {
  const open = details.hidden;
  details.hidden = !open;
  button.setAttribute('aria-expanded', String(open));
  if (open) {
    const cell = details.cells[0];
    const list = el('dl', { class: 'okp-pairs okp-pairs-dense' });
    fillPairs(list, figures(run));
    const changes = el('ol', { class: 'okp-changes' });
    const more = el('div', {});
    fill(cell, list, el('h5', {}, t('run.changes')), changes, more);
    showChanges(run, 0, changes, more);
  }
}

/** The counters of a run, in words. */
export function figures(run) {
  return [
    [t('run.finished'), run.finished ? when(run.finished) : ''],
    [t('run.error'), run.errorMessage ? t('run.error.text', run.errorMessage, run.errorCode) : ''],
    ...counters(run),
    [t('run.groups'), run.groups ? groupsOf(run) : ''],
    [t('run.warnings'), run.warnings.length > 0 ? warningsOf(run) : ''],
    [t('run.fields'), (run.fields || []).map(({ title, users }) => `${title}: ${number(users)}`).join(', ')],
    [t('run.waited'), run.waitedMs >= 1000 ? duration(run.waitedMs) : ''],
    [t('run.bytes'), run.bytes ? bytes(run.bytes) : ''],
  ];
}

/** The counters that have a title, in the order of the record. */
function counters(run) {
  const titled = Object.entries(run).map(([name, value]) => [tOr(`run.figure.${name}`, ''), value]);
  return titled.filter(([title, value]) => title && value).map(([title, value]) => [title, number(value)]);
}

export function warningsOf(run) {
  return el('ul', { class: 'okp-warnings' }, run.warnings.map((warning) => el('li', {}, warning)));
}

/** What a run did to groups. */
export function groupsOf(run) {
  const { listed, added, updated, removed, membersRead, memberships } = run.groups;
  return t('run.groups.text', ...[listed, added, updated, removed, membersRead, memberships].map(number));
}

async function showChanges(run, after, list, more) {
  let answer;
  try {
    answer = await get('api/changes', { run: run.run, after: after || '', limit: CHANGES_A_PAGE });
  } catch (error) {
    fill(more, errorMessage(error));
    return;
  }
  const { changes } = answer;
  list.append(...changes.map((change) => changeItem(change, true)));
  if (list.children.length === 0) {
    fill(more, el('p', { class: 'okp-empty' }, t('run.changes.none')));
  } else if (answer.next) {
    const button = el('button', { type: 'button', class: 'aui-button' }, t('run.changes.more'));
    button.addEventListener('click', () => showChanges(run, answer.next, list, more));
    fill(more, button);
  } else {
    fill(more);
  }
}

/** One change: who, what kind, and the old and new value of every field. */
export function changeItem(change, withName) {
  const who = withName
    ? el('a', { href: `#/directory/${encodeURIComponent(change.oktaId)}` }, change.displayName || change.oktaId)
    : el('span', {}, when(change.at));
  const fields = (change.fields || []).map((field) =>
    el(
      'li',
      {},
      el('span', { class: 'okp-field' }, field.title || field.field),
      ' ',
      value(field.from, 'okp-from'),
      el('span', { class: 'okp-arrow', 'aria-label': t('change.to') , role: 'img' }, '→'),
      value(field.to, 'okp-to'),
    ),
  );
  return el(
    'li',
    { class: 'okp-change' },
    el('div', { class: 'okp-change-head' }, lozenge(tOr(`change.${change.kind}`, change.kind)), ' ', who),
    fields.length ? el('ul', { class: 'okp-fields' }, fields) : null,
  );
}

function value(given, style) {
  const empty = given === null || given === undefined || given === '';
  const shown = typeof given === 'object' ? JSON.stringify(given) : String(given);
  return el('span', { class: `${style}${empty ? ' okp-none' : ''}` }, empty ? t('change.empty') : shown);
}
