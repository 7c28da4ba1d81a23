// Synchronize Data: start, progress, cancel, resume, and what to do when a run is refused.

import { get, post } from './api.js';
import { announce, busy, byId, confirm, el, errorMessage, fill, fillPairs, message, noticeError } from './dom.js';
import { changed } from './connection.js';
import { duration, number, percent, plural, t, tOr } from './texts.js';
import { figures, groupsOf, showRuns, warningsOf } from './runs.js';

const POLL_MS = 1000;

let timer;
let wasRunning = false;
let samples = [];
let visit = 0;

export async function show() {
  visit += 1;
  wasRunning = false;
  fill(byId('sync-outcome'));
  await refresh(visit);
}

/** Stops the requests, because the section is no longer shown. */
export function leave() {
  visit += 1;
  clearTimeout(timer);
}

async function refresh(mine) {
  clearTimeout(timer);
  let state;
  try {
    state = await get('api/sync', { statistics: 'no' });
  } catch (error) {
    if (mine === visit) {
      fill(byId('sync-outcome'), errorMessage(error));
      timer = setTimeout(() => refresh(mine), POLL_MS * 5);
    }
    return;
  }
  if (mine !== visit) {
    return;
  }
  byId('running').hidden = !state.running;
  byId('start-form').hidden = state.running;
  if (state.running) {
    showProgress(state);
    timer = setTimeout(() => refresh(mine), POLL_MS);
  } else {
    samples = [];
    showIdle(state);
  }
  showRuns(state.runs);
  if (wasRunning && !state.running) {
    announce(t(`run.state.${state.runs[0]?.state || 'complete'}`));
    changed();
  }
  wasRunning = state.running;
}

/** What this phase counts: how much is done, of how much (0 if unknown), and both in words. */
function counted({ phase, usersSeen, usersExpected, groupsRead, groupsToRead }) {
  if (phase === 'GROUPS') {
    return [groupsRead, groupsToRead, groupsToRead > 0 ? t('progress.groups', number(groupsRead), number(groupsToRead)) : ''];
  }
  const users = usersExpected > 0
    ? t('progress.users', number(usersSeen), number(usersExpected))
    : t('progress.users-so-far', number(usersSeen));
  return [usersSeen, usersExpected, users];
}

/** How many a second during the last half minute, because the first seconds of a run say little about the rest. */
function rate({ phase, elapsedMs }, done) {
  const ofGroups = phase === 'GROUPS';
  samples.push([elapsedMs, done, ofGroups]);
  samples = samples.filter(([at, , of]) => of === ofGroups && at <= elapsedMs && at >= elapsedMs - 30_000);
  const [at, before] = samples[0];
  return elapsedMs > at ? ((done - before) * 1000) / (elapsedMs - at) : 0;
}

function showProgress({ progress, node }) {
  const [done, all, words] = counted(progress);
  const ofGroups = progress.phase === 'GROUPS';
  const known = all > 0;
  const part = known ? Math.min(1, done / all) : 0;
  const perSecond = rate(progress, done);
  byId('progress-phase').textContent = tOr(`phase.${String(progress.phase).toLowerCase()}`, progress.phase);
  byId('progress-percent').textContent = known ? percent(part) : '';
  const bar = byId('progress');
  bar.classList.toggle('okp-indeterminate', !known);
  byId('progress-value').style.width = known ? `${(part * 100).toFixed(1)}%` : '';
  if (known) {
    bar.setAttribute('aria-valuenow', Math.round(part * 100));
    bar.setAttribute('aria-valuetext', words);
  } else {
    bar.removeAttribute('aria-valuenow');
    bar.removeAttribute('aria-valuetext');
  }
  const left = perSecond > 0 && known ? ((all - done) * 1000) / perSecond : 0;
  byId('progress-line').textContent = [
    words,
    ofGroups ? plural('progress.memberships', progress.membershipsRead) : '',
    perSecond > 0 && !ofGroups ? t('progress.rate', number(Math.round(perSecond))) : '',
    left > 0 ? t('progress.left', duration(left)) : '',
  ].filter(Boolean).join(' · ');
  byId('progress-more').textContent = [
    progress.waitLeftMs > 0 ? t('progress.waiting', duration(progress.waitLeftMs)) : '',
    plural('progress.requests', progress.requests),
    plural('progress.pages', progress.pages),
    progress.waitedMs >= 1000 ? t('progress.waited', duration(progress.waitedMs)) : '',
    t('progress.elapsed', duration(progress.elapsedMs)),
    node ? t('progress.node', node) : '',
  ].filter(Boolean).join(' · ');
}

function unfinished(run) {
  return run && (run.state === 'interrupted' || run.state === 'running');
}

function showIdle(state) {
  const resumable = unfinished(state.runs[0]);
  const last = newest(state);
  byId('start').textContent = t(resumable ? 'sync.resume' : 'sync.start');
  byId('restart').hidden = !resumable;
  fill(byId('sync-outcome'), state.lastError && !isCancelled(state.lastError) ? refusal(state.lastError) : outcome(last));
}

/** The last run, or a dry run made after it, because a dry run is in no list. */
function newest({ runs: [last], lastDryRun: dry }) {
  return dry && (!last || dry.started > last.started) ? dry : last;
}

/** The end of the last run, in words. */
function outcome(run) {
  if (!run) {
    return null;
  }
  if (unfinished(run)) {
    const why = run.errorCode && run.errorMessage && !isCancelled(run) ? run.errorMessage : '';
    const kind = why ? 'warning' : 'info';
    return message(kind, t('outcome.unfinished'), why, t('outcome.unfinished.text', number(run.seen)));
  }
  if (run.state === 'refused') {
    return refusal({ code: run.errorCode, message: run.errorMessage });
  }
  if (run.state === 'complete') {
    const [title, text] = run.dryRun ? ['outcome.dry', 'outcome.dry.text'] : ['outcome.complete', 'outcome.complete.text'];
    const counts = [number(run.added), number(run.updated), number(run.absent), duration(run.elapsedMs)];
    const kind = run.warnings.length > 0 ? 'warning' : 'success';
    return message(kind, t(title, number(run.present)), t(text, ...counts), ...(run.dryRun ? [dryRunFigures(run)] : beyondUsers(run)));
  }
  return run.errorMessage ? message('error', t('outcome.failed'), run.errorMessage) : null;
}

/** What a run reports besides its users: groups, and what it had to leave out. */
function beyondUsers(run) {
  return [
    run.groups ? el('p', {}, t('outcome.groups', groupsOf(run))) : null,
    run.warnings.length > 0 ? warningsOf(run) : null,
  ];
}

/** The report of a dry run, which is shown here because a dry run is in no list. */
function dryRunFigures(run) {
  const list = el('dl', { class: 'okp-pairs okp-pairs-dense' });
  fillPairs(list, figures(run));
  return list;
}

/** Whether an administrator cancelled the run, which is not a failure. */
function isCancelled({ code, errorCode }) {
  return (code || errorCode) === 104;
}

/** A refused run, with the button that allows what it would do. Codes: TOO_MANY_ABSENT, TOO_MANY_CLEARED,
 * JIRA_USERS_EMPTY, TOO_MANY_JIRA_USERS_LOST. */
function refusal(error) {
  const allow = {
    501: ['confirmAbsent', 'absent'],
    502: ['confirmCleared', 'cleared'],
    503: ['confirmJiraLoss', 'jira'],
    505: ['confirmJiraLoss', 'jira'],
  }[error.code];
  const shown = message('error', t(allow ? `refused.${allow[1]}` : 'outcome.failed'), error.message);
  if (allow) {
    const [option, word] = allow;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'aui-button';
    button.id = 'okp-confirm-run';
    button.textContent = t(`refused.${word}.confirm`);
    button.addEventListener('click', () => busy(button, () => confirmRun(option, word, error)));
    shown.append(button);
  }
  return shown;
}

async function confirmRun(option, word, error) {
  if (await confirm(t(`refused.${word}`), `${error.message} ${t(`refused.${word}.text`)}`, t(`refused.${word}.yes`))) {
    await start({ [option]: true });
  }
}

async function start(options = {}) {
  fill(byId('sync-outcome'));
  try {
    await post('api/sync/start', { mode: byId('mode').value, dryRun: byId('dry-run').checked, ...options });
    announce(t('sync.started'));
  } catch (error) {
    fill(byId('sync-outcome'), errorMessage(error));
    return;
  }
  wasRunning = true;
  await refresh(visit);
  byId('cancel').focus();
}

async function restart() {
  if (await confirm(t('restart.title'), t('restart.text'), t('sync.restart'))) {
    await start({ restart: true });
  }
}

async function cancel() {
  byId('progress-phase').textContent = t('phase.cancelling');
  try {
    await post('api/sync/cancel');
  } catch (error) {
    fill(byId('sync-outcome'), errorMessage(error));
  }
}

/** Shows what a run would cost by Okta's present limits: requests, time, and what each limit leaves to others. */
async function showBudget() {
  if (!byId('budget').open) {
    return;
  }
  fillPairs(byId('budget-facts'), [[t('budget.title'), t('validate.running')]]);
  try {
    const budget = await get('api/sync/budget', { mode: byId('mode').value });
    const known = (value, shown) => (value === null || value === undefined ? '' : shown(value));
    fillPairs(byId('budget-facts'), [
      [t('budget.mode'), tOr(`run.mode.${budget.mode}`, budget.mode)],
      [t('budget.users'), known(budget.users, number)],
      [t('budget.requests'), known(budget.requests, number)],
      [t('budget.duration'), known(budget.durationMs, duration)],
      ...budget.buckets.map((bucket) => [bucket.path, limits(bucket)]),
    ]);
  } catch (error) {
    fillPairs(byId('budget-facts'), []);
    noticeError(error);
  }
}

function limits({ limit, remaining, leftToOthers, requests }) {
  return [
    requests === null ? '' : plural('progress.requests', requests),
    limit === null ? '' : t('budget.limit', number(limit)),
    remaining === null ? '' : t('budget.remaining', number(remaining)),
    leftToOthers === null ? '' : t('budget.left', number(leftToOthers)),
  ].filter(Boolean).join(' · ');
}

byId('start-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(byId('start'), start);
});
byId('restart').addEventListener('click', () => busy(byId('restart'), restart));
byId('cancel').addEventListener('click', () => busy(byId('cancel'), cancel));
byId('budget').addEventListener('toggle', showBudget);
byId('mode').addEventListener('change', showBudget);
